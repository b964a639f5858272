"""argus-redact, fast mode (its rules; the other layers download models), Chinese and English."""

from __future__ import annotations

from worker import Detector, Found, serve

TYPES = {
    "person": "Third-Party Identifiable Info",
    "address": "Detailed Address",
    "age": "Specific Age",
    "anthropic_api_key": "Key",
    "aws_access_key": "Key",
    "openai_api_key": "Key",
    "ssh_private_key": "Key",
    "bank_card": "Bank/Payment Card Number",
    "credit_card": "Bank/Payment Card Number",
    "biometric": "Biometrics",
    "criminal_record": "Judicial Record",
    "date_of_birth": "Specific Date of Birth",
    "email": "Email",
    "ethnicity": "Sensitive Identity",
    "financial": "Assets/Income",
    "gender": "Gender",
    "github_token": "Token",
    "jwt": "Token",
    "url_token": "Token",
    "iban": "Financial Account",
    "housing_fund": "Financial Account",
    "imei": "Device ID",
    "mac_address": "Device ID",
    "ip_address": "IP Address",
    "job_title": "Job Title/Rank",
    "license_plate": "License Plate",
    "medical": "Medical Health",
    "organization": "Company/Organization Info",
    "passport": "Passport Number",
    "us_passport": "Passport Number",
    "phone": "Phone Number",
    "phone_landline": "Phone Number",
    "political": "Political Views/Stance",
    "postcode": "Zip Code",
    "qq": "Account ID/Username",
    "wechat": "Account ID/Username",
    "religion": "Sensitive Identity",
    "sexual_orientation": "Sensitive Identity",
    "school": "School",
    "url": "Intranet Entry Point",
    "workplace": "Employer/Company Name",
}
# Pronouns, dates and hobbies are no private values of the annotation.
LEFT_OUT = frozenset({"self_reference", "date", "hobby"})


def load() -> Detector:
    from argus_redact import redact

    def detect(text: str, user_name: str) -> Found:
        _, _, details = redact(
            text, lang=["zh", "en"], mode="fast", names=[user_name] if user_name else None, detailed=True
        )
        for item in details["entities"]:
            if item["type"] not in LEFT_OUT:
                # What is left are identity numbers of many countries.
                yield item["start"], item["end"], TYPES.get(item["type"], "ID Number")

    return detect


if __name__ == "__main__":
    serve(load)

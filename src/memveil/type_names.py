"""Names that others use for our privacy types, and the nearest type for any name.

A language model coins type names freely, and other tools have lists of their
own. Every such name maps to one row of the type table, by an exact alias, else
by a word inside the name, else by the level it came with. The level never
falls: the higher of the row's and the given one holds.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel

__all__ = ["ALIASES", "known_type", "nearest_type"]

# fmt: off
ALIASES: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "Real Name": ("Full Name", "Name", "User Name", "Own Name"),
        "Third-Party Identifiable Info": ("Person", "Third-Party Name", "Third Party Name", "Contact Name", "Name of Third Party", "Person Name", "Patient Name"),
        "Relationship Info": ("Relationship", "Relative", "Family Member", "Family Info", "Marital Status", "Relationship Status", "Emergency Contact"),
        "Email": ("Email Address", "E-mail", "Mail", "Mail Address"),
        "Phone Number": ("Phone", "Mobile Number", "Telephone", "Telephone Number", "Contact Number", "Fax Number"),
        "Detailed Address": ("Address", "Home Address", "Street Address", "Postal Address", "Delivery Address", "Shipping Address", "Location"),
        "Zip Code": ("Postcode", "Postal Code"),
        "Work Address": ("Office Address", "Workplace"),
        "Account ID/Username": ("Username", "Account ID", "User ID", "UID", "Member ID", "Membership Number", "Staff ID", "Employee ID", "Student ID", "Handle", "Social Media Account", "WeChat ID", "QQ Number", "Account Number ID", "Account"),
        "Network Identifier": ("MAC Address", "SSID", "Personal URL", "URL", "Session ID", "Website", "Homepage", "User Agent", "Cookie", "Device Fingerprint", "Online Identifier"),
        "IP Address": ("IP", "Public IP", "IPv4", "IPv6"),
        "Device ID": ("IMEI", "Serial Number", "Device Identifier", "Device Serial Number", "Hardware ID"),
        "Employer/Company Name": ("Employer", "Company Name", "Company", "Workplace Name"),
        "Company/Organization Info": ("Organization", "Organisation", "Company Info", "Institution", "Organization Info", "Client Name"),
        "Job Title/Rank": ("Job Title", "Occupation", "Profession", "Role", "Position", "Job Intent/Status", "Rank"),
        "Identity Background": ("Education", "Education Background", "Degree", "Nationality", "Origin", "Hometown", "Career History", "Work Experience", "Background", "Citizenship", "Residency Status", "Immigration Status", "Visa Status"),
        "School": ("University", "College", "School/University", "Class"),
        "Specific Age": ("Age",),
        "Specific Date of Birth": ("Date of Birth", "Birthday", "Birth Date", "DOB", "Birthdate"),
        "Gender": ("Sex",),
        "ID Number": ("National ID", "Identity Number", "Social Security Number", "SSN", "Tax ID", "Tax Number", "ID Card Number", "Document Info", "Document Scans", "Resident ID", "Identity Document", "Visa Number", "Residence Permit", "Military ID", "Social Insurance Number"),
        "Passport Number": ("Passport",),
        "Driver's License Number": ("Driver License Number", "Driving Licence", "Driver's License", "Drivers License Number", "Driving License Number"),
        "License Plate": ("Plate Number", "Vehicle Plate", "License Plate Number", "Vehicle Info", "Vehicle Registration", "VIN"),
        "Bank/Payment Card Number": ("Credit Card", "Credit Card Number", "Bank Card Number", "Card Number", "Debit Card Number", "Bank Card"),
        "Financial Account": ("Bank Account", "Bank Account Number", "IBAN", "Financial", "Account Number", "Financial Info", "Bank Name", "Insurance Policy", "Insurance Number", "Crypto Wallet", "Wallet Address", "SWIFT", "Financial Information", "Investment Account"),
        "Transaction Record": ("Transaction", "Order Number", "Order ID", "Invoice Number", "Tracking Number", "Payment", "Payment Record", "Purchase", "Bill", "Transaction ID", "Expense", "Financial Transaction", "Receipt Number", "Credit Report", "Credit Reports"),
        "Assets/Income": ("Income", "Salary", "Bonus", "Wage", "Assets"),
        "Assets/Net Worth": ("Net Worth", "Savings", "Property", "Asset", "Balance", "Deposit", "Investment"),
        "Debt/Loan Info": ("Debt", "Loan", "Debt/Loan", "Mortgage", "Loan Info", "Credit Limit"),
        "Credit Score": ("Credit Rating",),
        "Medical Health": ("Health", "Health Info", "Medical", "Medical Condition", "Diagnosis", "Medication", "Health Condition", "Symptom", "Treatment", "Mental Health", "Physiological Data", "Blood Type", "Body Measurement", "Medical Information"),
        "Medical Record": ("Medical Record Number", "Medical Report", "Patient ID", "Prescription Number", "Health Record", "Appointment"),
        "Precise Location": ("GPS Coordinates", "Coordinates", "Current Location", "GPS"),
        "Itinerary/Trajectory": ("Itinerary", "Trajectory", "Travel Itinerary", "Flight", "Flight Number", "Travel Plan", "Trip", "Commute", "Schedule"),
        "Accommodation Records": ("Accommodation Record", "Hotel", "Hotel Booking", "Accommodation", "Room Number"),
        "Biometrics": ("Biometric", "Fingerprint", "Biometric Data", "Voiceprint", "Face ID"),
        "Communication Content": ("Private Message", "Message Content", "Chat Content", "Communication"),
        "Sensitive Identity": ("Ethnicity", "Race", "Sexual Orientation", "Disability", "Union Membership", "Ethnic Group", "Special Category"),
        "Religious Beliefs": ("Religion", "Religious Belief", "Faith"),
        "Political Views/Stance": ("Political Views", "Politics", "Political Stance", "Political Affiliation"),
        "Judicial Record": ("Legal Record", "Court Record", "Criminal Record", "Case Number", "Litigation", "Legal Case", "Police Report"),
        "Minor Information": ("Minor Info", "Child", "Child Info", "Child Name", "Minor"),
        "Password": ("PIN", "Passcode", "Passphrase", "Password/PIN", "Login Credential", "Credential", "Credentials", "Wi-Fi Password", "Access Code", "Door Code"),
        "Verification Code": ("OTP", "One-Time Password", "SMS Code", "2FA Code", "MFA Code", "Confirmation Code", "Authorization Code", "Pickup Code", "Verification PIN"),
        "Token": ("Session Token", "Access Token", "Auth Token", "Authentication Token", "JWT", "Bearer Token", "Access Pass", "Auth Cookie", "OAuth Code", "SSO Ticket"),
        "Key": ("API Key", "Access Key", "Secret Key", "Seed Phrase", "Mnemonic", "License Key", "Encryption Key", "Signing Key", "Secret"),
        "Private Key": ("SSH Key", "PEM", "SSH Private Key"),
        "Payment Security Code": ("CVV", "CVC", "Payment PIN", "Card Security Code", "Payment Password"),
        "Recovery Code": ("Backup Code", "Recovery Key"),
        "Security Question Answer": ("Security Answer", "Secret Answer"),
        "Security Question": ("Secret Question",),
        "Database Connection String": ("Connection String", "Database URL", "DSN"),
        "Internal IP": ("Private IP", "Intranet IP", "Internal Network", "LAN IP", "Network Segment"),
        "Intranet Entry Point": ("Admin URL", "Internal URL", "Internal Portal", "VPN Gateway", "Internal System", "Bastion Host", "Internal Link", "System Entry Point"),
        "Project/Task ID": ("Project Code", "Project ID", "Task ID", "Ticket Number", "Project Name", "Case ID", "Document ID", "Document Number", "Contract Number", "Reference Number", "Work Order", "Session Number"),
        "Vulnerability Details": ("Vulnerability", "Exploit", "Security Vulnerability"),
        "Business Secret": ("Trade Secret", "Confidential Information", "Business Plan", "Trade Secrets", "Internal Information", "Unreleased Product", "Client List", "Internal Pricing", "Confidential Business Information"),
    }
)
# fmt: on
"""Privacy type -> other names for it, matched without regard to case."""

# A word inside an unknown name -> the type; the first that occurs wins, so
# secrets stand before documents, and documents before people.
_WORDS: tuple[tuple[str, str], ...] = (
    ("private key", "Private Key"),
    ("security question", "Security Question Answer"),
    ("recovery", "Recovery Code"),
    ("backup code", "Recovery Code"),
    ("cvv", "Payment Security Code"),
    ("cvc", "Payment Security Code"),
    ("password", "Password"),
    ("passcode", "Password"),
    ("pin", "Password"),
    ("credential", "Password"),
    ("verification", "Verification Code"),
    ("otp", "Verification Code"),
    ("token", "Token"),
    ("cookie", "Token"),
    ("connection string", "Database Connection String"),
    ("key", "Key"),
    ("mnemonic", "Key"),
    ("vulnerability", "Vulnerability Details"),
    ("internal ip", "Internal IP"),
    ("intranet", "Intranet Entry Point"),
    ("secret", "Business Secret"),
    ("confidential", "Business Secret"),
    ("project", "Project/Task ID"),
    ("ticket", "Project/Task ID"),
    ("case", "Project/Task ID"),
    ("passport", "Passport Number"),
    ("driver", "Driver's License Number"),
    ("plate", "License Plate"),
    ("vehicle", "License Plate"),
    ("card", "Bank/Payment Card Number"),
    ("loan", "Debt/Loan Info"),
    ("debt", "Debt/Loan Info"),
    ("credit score", "Credit Score"),
    ("salary", "Assets/Income"),
    ("income", "Assets/Income"),
    ("asset", "Assets/Net Worth"),
    ("worth", "Assets/Net Worth"),
    ("transaction", "Transaction Record"),
    ("order", "Transaction Record"),
    ("payment", "Transaction Record"),
    ("bank", "Financial Account"),
    ("financ", "Financial Account"),
    ("insurance", "Financial Account"),
    ("medical record", "Medical Record"),
    ("medic", "Medical Health"),
    ("health", "Medical Health"),
    ("disease", "Medical Health"),
    ("hotel", "Accommodation Records"),
    ("accommodation", "Accommodation Records"),
    ("travel", "Itinerary/Trajectory"),
    ("itinerary", "Itinerary/Trajectory"),
    ("location", "Precise Location"),
    ("biometric", "Biometrics"),
    ("message", "Communication Content"),
    ("relig", "Religious Beliefs"),
    ("politic", "Political Views/Stance"),
    ("ethnic", "Sensitive Identity"),
    ("orientation", "Sensitive Identity"),
    ("court", "Judicial Record"),
    ("legal", "Judicial Record"),
    ("criminal", "Judicial Record"),
    ("minor", "Minor Information"),
    ("child", "Minor Information"),
    ("email", "Email"),
    ("phone", "Phone Number"),
    ("work address", "Work Address"),
    ("zip", "Zip Code"),
    ("postal", "Zip Code"),
    ("ip address", "IP Address"),
    ("address", "Detailed Address"),
    ("device", "Device ID"),
    ("serial", "Device ID"),
    ("network", "Network Identifier"),
    ("url", "Network Identifier"),
    ("user", "Account ID/Username"),
    ("account", "Account ID/Username"),
    ("employer", "Employer/Company Name"),
    ("company", "Company/Organization Info"),
    ("organi", "Company/Organization Info"),
    ("job", "Job Title/Rank"),
    ("occupation", "Job Title/Rank"),
    ("school", "School"),
    ("university", "School"),
    ("education", "Identity Background"),
    ("background", "Identity Background"),
    ("nationality", "Identity Background"),
    ("birth", "Specific Date of Birth"),
    ("gender", "Gender"),
    ("age", "Specific Age"),
    ("relation", "Relationship Info"),
    ("family", "Relationship Info"),
    ("name", "Third-Party Identifiable Info"),
    ("person", "Third-Party Identifiable Info"),
    ("number", "ID Number"),
    ("id", "Account ID/Username"),
)

# Where no word helps, the level alone decides.
_BY_LEVEL: MappingProxyType[PrivacyLevel, str] = MappingProxyType(
    {
        PrivacyLevel.PL1: "Identity Background",
        PrivacyLevel.PL2: "Identity Background",
        PrivacyLevel.PL3: "Sensitive Identity",
        PrivacyLevel.PL4: "Business Secret",
    }
)

_SEPARATORS = re.compile(r"[\s_\-/]+")


def _fold(name: str) -> str:
    return _SEPARATORS.sub(" ", name.strip().lower())


_EXACT: MappingProxyType[str, str] = MappingProxyType(
    {_fold(alias): name for name, aliases in ALIASES.items() for alias in aliases}
    | {_fold(row.tag): row.name for row in PRIVACY_TYPES.values()}
    | {_fold(name): name for name in PRIVACY_TYPES}
)
_BOUNDED = tuple((re.compile(rf"(?<![a-z]){re.escape(word)}"), name) for word, name in _WORDS)


def known_type(name: str) -> str | None:
    """The row that a name stands for without any guessing, if there is one."""
    return _EXACT.get(_fold(name))


def nearest_type(name: str, level: PrivacyLevel) -> tuple[str, PrivacyLevel]:
    """Map a free type name to a row of the table.

    Returns:
        The name of the row, and the higher of the row's level and ``level``.
    """
    folded = _fold(name)
    found = known_type(name)
    if found is None:
        found = next((kind for word, kind in _BOUNDED if word.search(folded)), _BY_LEVEL[level])
    return found, max(level, PRIVACY_TYPES[found].level)

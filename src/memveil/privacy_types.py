"""The one table of privacy types: name, level, tag, meaning, examples.

Everything else derives from it: the policy's defaults, the tags of
placeholders, the labels of the model, the reference in the docs. The names and
levels are those of the annotation guideline (docs/reference/privacy-types.md),
which follows MemPrivacy (arXiv 2605.09530).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from memveil.spans import PrivacyLevel

__all__ = ["PRIVACY_TYPES", "PrivacyType"]

PL1, PL2, PL3, PL4 = PrivacyLevel


@dataclass(frozen=True, slots=True)
class PrivacyType:
    """One row of the table.

    Args:
        name: the name in spans, policies and labels.
        level: the level a span of this type has at least.
        tag: ASCII name inside placeholders, ``<Tag_1>``; unique.
        description: what goes into a span of this type.
        examples: invented values.
        translations: words a Chinese-writing model puts in place of the tag.
    """

    name: str
    level: PrivacyLevel
    tag: str
    description: str
    examples: tuple[str, ...]
    translations: tuple[str, ...]


# fmt: off
_ROWS = (
    PrivacyType("Password", PL4, "Password",
        "a password, passphrase or PIN that opens an account or a device",
        ("Tr0ub4dor&3", "7294"), ("密码", "口令")),
    PrivacyType("Verification Code", PL4, "Verification_Code",
        "a one-time code, by SMS, mail or app, or a code that unlocks something once",
        ("829417", "KX-4471"), ("验证码", "动态码")),
    PrivacyType("Token", PL4, "Token",
        "a session token, access pass or auth string",
        ("eyJhbGciOi...", "sess_9f31c2"), ("令牌",)),
    PrivacyType("Key", PL4, "Key",
        "an API key, access key, licence key or wallet seed phrase",
        ("sk-proj-4b1x...", "AKIA..."), ("密钥",)),
    PrivacyType("Private Key", PL4, "Private_Key",
        "a private key: a PEM block, an SSH key",
        ("-----BEGIN OPENSSH PRIVATE KEY-----...",), ("私钥",)),
    PrivacyType("Payment Security Code", PL4, "Payment_Security_Code",
        "the CVC or CVV of a card, a payment PIN",
        ("417",), ("支付安全码", "安全码")),
    PrivacyType("Recovery Code", PL4, "Recovery_Code",
        "a backup or recovery code of an account",
        ("7F2K-99QD",), ("恢复码", "备用码")),
    PrivacyType("Security Question Answer", PL4, "Security_Answer",
        "the answer to an account-recovery question",
        ("Miss Pankhurst",), ("密保答案", "安全问题答案")),
    PrivacyType("Security Question", PL4, "Security_Question",
        "the question of an account-recovery step",
        ("name of your first pet",), ("密保问题", "安全问题")),
    PrivacyType("Database Connection String", PL4, "Database_Connection",
        "a database URL with its credential",
        ("postgres://app:pw@db/prod",), ("数据库连接串", "数据库连接")),
    PrivacyType("Internal IP", PL4, "Internal_IP",
        "an address inside an office, home or company network",
        ("10.20.4.17",), ("内网IP", "内网地址")),
    PrivacyType("Intranet Entry Point", PL4, "Intranet_Entry",
        "an admin page, internal portal, VPN gateway or bastion host",
        ("https://vpn.corp.example/admin",), ("内网入口",)),
    PrivacyType("Project/Task ID", PL4, "Project_ID",
        "an internal project, ticket, session, case or document number",
        ("INC-20417", "#REQ-7731"), ("项目编号", "任务编号")),
    PrivacyType("Vulnerability Details", PL4, "Vulnerability",
        "a weakness described so that it can be reproduced",
        ("the upload form accepts .phar files",), ("漏洞详情", "漏洞")),
    PrivacyType("Business Secret", PL4, "Business_Secret",
        "unreleased figures, deals, designs, client lists, code-names",
        ("Project Larkspur",), ("商业秘密", "商业机密")),
    PrivacyType("ID Number", PL3, "ID_Number",
        "a national id, social security or tax number",
        ("11010519491231002X", "078-05-1120"), ("身份证号", "证件号")),
    PrivacyType("Passport Number", PL3, "Passport_Number",
        "a passport number",
        ("E12345678",), ("护照号", "护照号码")),
    PrivacyType("Driver's License Number", PL3, "Drivers_License",
        "a driving licence number",
        ("D1234-56789-01234",), ("驾照号", "驾驶证号")),
    PrivacyType("License Plate", PL3, "License_Plate",
        "the plate of a vehicle",
        ("京A·12345", "7ABC123"), ("车牌", "车牌号")),
    PrivacyType("Bank/Payment Card Number", PL3, "Card_Number",
        "the digits of a bank or payment card",
        ("4539 1488 0343 6467",), ("银行卡号", "卡号")),
    PrivacyType("Financial Account", PL3, "Financial_Account",
        "an account or card as a thing: an IBAN, a named card by its tail, the person's bank",
        ("DE89 3704 0044 0532 0130 00",), ("金融账户", "银行账户")),
    PrivacyType("Transaction Record", PL3, "Transaction",
        "a payment with its purpose; order, invoice and shipment numbers",
        ("$45 for the clinic", "SF1428570392114"), ("交易记录", "交易")),
    PrivacyType("Assets/Income", PL3, "Income",
        "salary, bonus, income",
        ("$93,650 salary", "月薪18000元"), ("收入", "工资")),
    PrivacyType("Assets/Net Worth", PL3, "Assets",
        "net worth, savings, property and vehicles owned",
        ("savings of 240,000 SEK",), ("资产", "净资产")),
    PrivacyType("Debt/Loan Info", PL3, "Debt",
        "a loan, mortgage or balance owed, with its amount",
        ("$312,500 mortgage",), ("债务", "贷款")),
    PrivacyType("Credit Score", PL3, "Credit_Score",
        "a credit score",
        ("credit score is 612",), ("信用分", "信用评分")),
    PrivacyType("Medical Health", PL3, "Health",
        "a condition, symptom, drug, treatment or measured value of a person",
        ("arrhythmia", "metformin 500 mg"), ("健康", "健康信息", "病情")),
    PrivacyType("Medical Record", PL3, "Medical_Record",
        "a record, referral or report number; a dated visit",
        ("MRN 00418823",), ("病历", "病历号")),
    PrivacyType("Precise Location", PL3, "Precise_Location",
        "where a person is or stays, finer than a city; coordinates",
        ("41.9028, 12.4964",), ("精确位置", "位置")),
    PrivacyType("Itinerary/Trajectory", PL3, "Itinerary",
        "trips with place or date, flights, commute",
        ("flight KL 1234 to Oslo on 3 May",), ("行程", "轨迹")),
    PrivacyType("Accommodation Records", PL3, "Accommodation",
        "a hotel, a room, a booking number",
        ("Hotel Lindner, room 412",), ("住宿", "住宿记录")),
    PrivacyType("Biometrics", PL3, "Biometrics",
        "a fingerprint, face, voice or gait template, or what unlocks by it",
        ("left index fingerprint",), ("生物特征",)),
    PrivacyType("Communication Content", PL3, "Message",
        "a quoted private message",
        ("please don't tell mum",), ("通信内容", "消息")),
    PrivacyType("Sensitive Identity", PL3, "Sensitive_Identity",
        "ethnicity, orientation, union membership, disability identity",
        ("Sámi",), ("敏感身份",)),
    PrivacyType("Religious Beliefs", PL3, "Religion",
        "a person's own religion",
        ("Orthodox Christian",), ("宗教信仰", "宗教")),
    PrivacyType("Political Views/Stance", PL3, "Politics",
        "a person's own political stance or membership",
        ("member of the Green Party",), ("政治观点", "政治立场")),
    PrivacyType("Judicial Record", PL3, "Judicial_Record",
        "suits, convictions, police reports, court dockets",
        ("case 24-cv-01877",), ("司法记录", "案件")),
    PrivacyType("Minor Information", PL3, "Child",
        "a named or described child under 14",
        ("my daughter Ida",), ("未成年人信息", "儿童")),
    PrivacyType("Real Name", PL2, "Real_Name",
        "the user's own full name",
        ("Lena Hartwig",), ("真实姓名", "真名", "本人姓名")),
    PrivacyType("Third-Party Identifiable Info", PL2, "Person",
        "the name of another private person",
        ("Dr. Rostova",), ("人名", "姓名", "人物", "第三方")),
    PrivacyType("Relationship Info", PL2, "Relationship",
        "a relation of the user, with the name when they stand together",
        ("my wife Mara", "妻子苏婉"), ("关系", "亲属")),
    PrivacyType("Email", PL2, "Email",
        "an e-mail address",
        ("lena@hartwig.example",), ("邮箱", "邮件", "电子邮件", "电子邮箱", "邮箱地址")),
    PrivacyType("Phone Number", PL2, "Phone",
        "a telephone number, or its tail",
        ("+47 412 55 908", "13800138000"), ("电话", "手机号", "手机", "电话号码")),
    PrivacyType("Detailed Address", PL2, "Address",
        "a street, a building, a named flat or estate",
        ("Via Ghislieri 31",), ("地址", "详细地址")),
    PrivacyType("Zip Code", PL2, "Zip_Code",
        "a postcode",
        ("94110",), ("邮编", "邮政编码")),
    PrivacyType("Work Address", PL2, "Work_Address",
        "where the person works",
        ("4th floor, 18 Quay Street",), ("工作地址",)),
    PrivacyType("Account ID/Username", PL2, "Username",
        "a handle, user id, WeChat or QQ id, member number",
        ("@lena_h", "wxid_lena88"), ("用户名", "账号", "账户名")),
    PrivacyType("Network Identifier", PL2, "Network_ID",
        "a MAC address, network name, personal URL",
        ("00:1B:44:11:3A:B7",), ("网络标识", "网络标识符")),
    PrivacyType("IP Address", PL2, "IP_Address",
        "an IP address not called internal",
        ("203.0.113.9",), ("IP地址", "IP")),
    PrivacyType("Device ID", PL2, "Device_ID",
        "a serial number, an IMEI",
        ("490154203237518",), ("设备号", "设备ID")),
    PrivacyType("Employer/Company Name", PL2, "Employer",
        "the person's employer or own firm",
        ("Hartwig Kartografi AS",), ("雇主", "公司")),
    PrivacyType("Company/Organization Info", PL2, "Organization",
        "another organization that ties to the person",
        ("San Raffaele",), ("机构", "组织")),
    PrivacyType("Job Title/Rank", PL2, "Job_Title",
        "a role, title or rank",
        ("maritime archivist",), ("职位", "职务", "职业")),
    PrivacyType("Identity Background", PL2, "Background",
        "degree, career, origin, nationality, hometown",
        ("PhD in glaciology",), ("身份背景", "背景")),
    PrivacyType("School", PL2, "School",
        "the person's school or university",
        ("Utrecht University",), ("学校",)),
    PrivacyType("Specific Age", PL2, "Age",
        "an age",
        ("35", "14岁"), ("年龄",)),
    PrivacyType("Specific Date of Birth", PL2, "Birth_Date",
        "a date of birth",
        ("12 March 1988",), ("出生日期", "生日")),
    PrivacyType("Gender", PL2, "Gender",
        "gender where stated as a fact about a person",
        ("女",), ("性别",)),
)
# fmt: on
# fmt: on

PRIVACY_TYPES: MappingProxyType[str, PrivacyType] = MappingProxyType({row.name: row for row in _ROWS})
"""Privacy types by name, PL4 first."""

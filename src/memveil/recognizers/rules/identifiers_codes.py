"""Rules: numbers of cases, orders, bookings, records, accounts and devices, by the word beside them."""

from __future__ import annotations

from memveil.recognizers.cues import words
from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.identifiers_rows import code_rows, context_row
from memveil.recognizers.rules.identifiers_shapes import CODE, START, is_bare_code, is_code

__all__ = ["PATTERNS"]

_PROJECT = code_rows(
    "project",
    "Project/Task ID",
    cues=words(
        "session, ticket, case, request, draft, quote, quotation, listing, project, task, incident, "
        "work order, application, claim, proposal, grant, contract, agreement, protocol, change request, "
        "job id, job number, reference, ref, tracking reference, tracking code, tracking id, dossier, "
        "file number, document, report, permit, registration, conversation, meeting id, benefit, tender, "
        "requisition, issue, workspace, batch, log, 会话, 工单, 项目, 任务, 案件, 受理, 申请, 申请表, "
        "追踪码, 追踪号, 追踪编号, 追踪参考号, 参考号, 参考编号, 合同, 协议, 报修, 报修单, 回执, 档案, 文件, "
        "草稿, 报价单, 报价, 理赔, 立项, 课题, 需求, 缺陷, 变更单, 投诉, 咨询, 审批, 审批单, 批次, 备案, "
        "公证, 基金, 房源, 挂牌, 日志, 报告, 方案, 服务单, 派工单, 故障单, 编号, 记录, 会议号, 招标, 标书"
    ),
    code=("Please keep session #REQ-1182 open.", "#REQ-1182"),
    numbered=("工单号：48812093，请跟进", "48812093"),
    before=("把#FIN-2231这个会话关掉", "#FIN-2231"),
    headed=("The ticket for the broken heater is INC-20417.", "INC-20417"),
    counterexamples=(
        "In this case 2 of 3 agreed.",
        "The report of 2024-05-01 covers ISO-9001.",
        "这个项目在2024年完成",
        "任务 3：写一首诗",
    ),
)

_TRANSACTION = code_rows(
    "transaction",
    "Transaction Record",
    cues=words(
        "order, purchase order, po number, invoice, receipt, transaction, txn, payment, refund, return, rma, "
        "tracking number, tracking no, shipment, parcel, package, waybill, consignment, awb, dispute, "
        "denial code, chargeback, bill, rental agreement, car hire, car rental, delivery number, deposit, "
        "purchase, reimbursement, fine payment, 订单, 发票, 流水号, 交易, 收据, 账单, 运单, 快递, 快递单, "
        "物流, 物流单, 包裹, 单号, 退款, 退款单, 退货, 退货单, 支付, 小票, 转账, 缴费, 付款, 定金, 票据, "
        "汇款, 提单, 租车, 回单, 交易流水, 发票流水, 商户单, 采购单, 电商单, 外卖单, 报销单"
    ),
    code=("the order I placed, AMZ-4471-X, never came", "AMZ-4471-X"),
    numbered=("快递单号是SF1428570392114", "SF1428570392114"),
    before=("取消LDN-77120这笔交易", "LDN-77120"),
    headed=("the invoice that came with the session notes is TRD-88120-X", "TRD-88120-X"),
    counterexamples=("I ordered 3 books in order to learn.", "订单在3天内送达", "The bill of 2024-05-01 is paid."),
)

_TRIP = code_rows(
    "trip",
    "Itinerary/Trajectory",
    cues=words(
        "flight, flight booking, pnr, record locator, e-ticket, airline booking, boarding pass, "
        "train booking, rail booking, itinerary, 航班, 机票, 机票订单, 航班订单, 航空订单, 车票, 客票, 票号, "
        "火车票, 高铁票, 行程"
    ),
    code=("my flight booking is AC-77120Z", "AC-77120Z"),
    numbered=("record locator: K7QX2P", "K7QX2P"),
    before=("就是MU-88213B那张机票", "MU-88213B"),
    headed=("The record locator for my hotel and flight is KLM-7741-Q", "KLM-7741-Q"),
    counterexamples=("the flight took 11 hours", "行程共5天4晚"),
)

_STAY = code_rows(
    "stay",
    "Accommodation Records",
    cues=words(
        "hotel, hotel booking, reservation, booking, booking reference, booking confirmation, "
        "confirmation number, room booking, airbnb, hostel, lodge, check in, 预订, 预订号, 预定, 酒店, "
        "酒店预订, 酒店订单, 客栈, 民宿, 民宿订单, 入住, 宾馆, 订房"
    ),
    code=("the booking reference is LX-202604-77", "LX-202604-77"),
    numbered=("酒店预订号：8841207", "8841207"),
    before=("用HTL-4482-Q这个预订入住", "HTL-4482-Q"),
    headed=("the reservation for our stay with breakfast is RSV-22014", "RSV-22014"),
    counterexamples=("the hotel has 120 rooms", "预订了3间房"),
)

_MEDICAL = code_rows(
    "medical",
    "Medical Record",
    cues=words(
        "mrn, medical record, patient, patient record, hospital file, referral, lab report, specimen, "
        "prescription, rx, chart number, admission, accession, pathology report, discharge report, 病历, "
        "病案, 住院, 门诊, 就诊, 就诊卡, 检查单, 检查报告, 检验单, 检验报告, 体检, 体检报告, 化验单, 化验, "
        "处方, 影像, 影像号, 挂号, 挂号单, 诊断证明, 病理, 转诊, 诊疗卡"
    ),
    code=("The lab report HX-2026-4417 came back.", "HX-2026-4417"),
    numbered=("病历号00418823", "00418823"),
    before=("请看 #TJ-202603-5512 体检报告", "#TJ-202603-5512"),
    headed=("the referral for the case is RF-202604-18", "RF-202604-18"),
    counterexamples=("The patient took 3 pills.", "住院5天"),
)

_JUDICIAL = code_rows(
    "judicial",
    "Judicial Record",
    cues=words(
        "docket, court case, police report, crime reference, penalty notice, penalty, citation, warrant, "
        "lawsuit, summons, incident report, speeding ticket, parking ticket, case docket, court file, 案号, "
        "立案, 报警, 报案, 警情, 罚单, 处罚, 处罚决定书, 判决, 判决书, 传票, 起诉, 仲裁, 违章, 执行案, "
        "报警回执, 立案回执"
    ),
    code=("The docket is 24-CV-01877.", "24-CV-01877"),
    numbered=("报警回执编号：20260418A77", "20260418A77"),
    before=("交了PN-55120-B这张罚单", "PN-55120-B"),
    headed=("the docket for the whole case is CV-2026-1187", "CV-2026-1187"),
    counterexamples=("The penalty was 50 euros.", "处罚3年"),
)

_ACCOUNT = code_rows(
    "account",
    "Account ID/Username",
    cues=words(
        "member, membership, loyalty, loyalty card, frequent flyer, mileage, staff, employee, badge, "
        "customer, client, user id, uid, userid, student, library card, subscriber, account id, player id, "
        "rewards, licence holder, license holder, ticket holder, volunteer, alumni, personnel, payroll, "
        "crew, callsign, call sign, pilot id, airside id, channel id, clock number, registration number, merchant id, "
        "校园卡, 职工, 商户, 学生, 持卡人, "
        "会员, 会员卡, 工号, 员工, 学号, 用户, 客户, 常旅客, 里程卡, 工牌, 胸牌, 读者证, 借书证, 学籍, "
        "志愿者, 校友, 考生, 积分卡, 户号, 用户id"
    ),
    code=("my staff badge is KX-20417", "KX-20417"),
    numbered=("会员号：8823 已过期，工号A10442", "8823"),
    before=("with the ML-44718 membership", "ML-44718"),
    headed=("my membership for the hotel is GLD-44718", "GLD-44718"),
    counterexamples=("The member states are 27.", "客户增加了3000名"),
)

_DEVICE = code_rows(
    "device",
    "Device ID",
    cues=words(
        "serial, serial number, s/n, sn, device, device id, imei, meid, udid, asset tag, service tag, hardware, "
        "frame number, ring number, hull number, microchip, "
        "hard drive, vin, chassis number, machine id, meter, 序列, 序列号, 设备, 机身, 硬盘, 机器码, 出厂, "
        "车架, 车架号, 主机, sn码, 资产标签, 电表"
    ),
    code=("the hard drive (HD-7714-QRS) is encrypted", "HD-7714-QRS"),
    numbered=("设备序列号：C02XK1A9JGH5", "C02XK1A9JGH5"),
    before=("MX-2291-QA硬盘坏了", "MX-2291-QA"),
    headed=("the serial number of the parcel scanner is QX-7714-A", "QX-7714-A"),
    counterexamples=("the device has 128 GB", "设备重2000克"),
)

_CONTEXT = (
    context_row(
        "medical.context",
        "Medical Record",
        context=words(
            "hospital, clinic, doctor, dr, ward, neurologist, gp, biopsy, oncologist, midwife, physio, specialist, mri, "
            "x-ray, surgeon, dentist, lab, audiologist, 医院, 诊所, 体检, 门诊, 医生, 大夫, 科室, 复查, 手术, 化验, 产检, "
            "康复科, 复诊"
        ),
        cues=words("file, report, record, reference, ref, referral, appointment, 编号, 报告, 档案, 预约, 单号, 卡号"),
        examples=(
            ("The neurologist is Dr. Aune, file NEU-7741-W, last seen in May", "NEU-7741-W"),
            ("体检的结果出来了，报告HM-2025-40713", "HM-2025-40713"),
        ),
        counterexamples=("the clinic filed 3 reports", "医院在2024年发布报告2024"),
    ),
    context_row(
        "judicial.context",
        "Judicial Record",
        context=words(
            "police, court, judge, sheriff, detective, prosecutor, tribunal, magistrate, lawsuit, speeding, parking, "
            "法院, 派出所, 警察, 公安, 民警, 检察院, 仲裁, 法庭, 报警, 起诉, 立案, 交警"
        ),
        cues=words(
            "case, file, report, reference, ref, claim, notice, number, order, "
            "编号, 案号, 案件, 受理号, 回执号, 回执, 通知书, 认定书"
        ),
        examples=(
            ("It's at the county court now, claim 5QZ-00817, and I", "5QZ-00817"),
            ("派出所给了回执号20260418A77", "20260418A77"),
        ),
        counterexamples=("the court heard 3 cases in 2024", "法院受理案件2024年"),
    ),
    context_row(
        "stay.context",
        "Accommodation Records",
        context=words(
            "hotel, hostel, guesthouse, guest house, inn, lodge, resort, airbnb, campsite, rooms, "
            "酒店, 旅馆, 民宿, 客栈, 宾馆, 旅宿, 青旅, 度假村"
        ),
        cues=words("ref, reference, confirmation, order, number, code, 订单, 编号, 参考号, 确认码, 预约号, 预约"),
        examples=(
            ("the Fjordhus hotel, 20 to 23 June, reference DH-7714", "DH-7714"),
            ("我订了海角酒店，一晚，订单GRD-550918", "GRD-550918"),
        ),
        counterexamples=("a hotel in order 2 of 3",),
    ),
    context_row(
        "trip.context",
        "Itinerary/Trajectory",
        context=words("flight, airline, ferry, train, cruise, 航班, 机票, 航空, 高铁, 船票"),
        cues=words("ref, reference, confirmation, booking, order, number, code, 订单, 编号, 参考号, 确认码, 预订号"),
        examples=(
            ("the ferry on Monday, booking SKV-2507-B", "SKV-2507-B"),
            ("去巴黎的航班，订单参考号为AC-77120Z", "AC-77120Z"),
        ),
        counterexamples=("the flight in order 2 of 3",),
    ),
)

# Beginnings that issuers give their codes, for codes that stand without any cue.
_BEGINNINGS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("verification", "Verification Code", words("OTP, MFA, 2FA, SMS, VERIFY"), "OTP-5519-QX"),
    ("token", "Token", ("TOKEN", "TOK", "SESS", "PASS"), "SESS-9F31C2-4"),
    (
        "project",
        "Project/Task ID",
        words(
            "TKT, INC, REQ, CASE, PRJ, PROJ, TASK, WO, CHG, BUG, JIRA, RPT, DRAFT, DRF, QTE, APP, SIM, CLM, "
            "CLAIM, TICKET, PROJECT, SESSION, RFC"
        ),
        "TKT-55120",
    ),
    (
        "transaction",
        "Transaction Record",
        words("INV, ORD, ORDER, TXN, TX, TRX, RCPT, RMA, RET, PAY, PO, AMZ, BILL, RFD, REFUND, SHIP, TRK"),
        "INV-2026-0091",
    ),
    ("stay", "Accommodation Records", ("HTL", "BKG", "BOOK", "RSV"), "HTL-4482-Q"),
    ("trip", "Itinerary/Trajectory", ("FLT", "PNR", "TRIP"), "PNR-K7Q2X1"),
    ("medical", "Medical Record", ("MRN", "LAB", "PAT", "RX"), "MRN-0041882"),
    ("account", "Account ID/Username", words("EMP, MEM, CUST, USR, UID, STAFF, MBR"), "EMP-20417"),
)


def _is_prefixed(value: str) -> bool:
    return is_code(value) and (sum(char.isdigit() for char in value) >= 3 or value.count("-") >= 2)


_PREFIXED = tuple(
    Pattern(
        name=f"{family}.prefixed",
        privacy_type=privacy_type,
        regex=rf"(?={START}#?(?-i:{'|'.join(beginnings)})[\-_])(?P<value>{CODE})",
        keywords=tuple(f"{beginning.lower()}{joint}" for beginning in beginnings for joint in "-_"),
        reach=1,
        validate=_is_prefixed,
        score=0.6,
        examples=((f"I will keep {example} safe", example), (f"关于{example}的事", example)),
        counterexamples=(f"the letters {example.split('-')[0]}-A", f"{example.split('-')[0].lower()}-2"),
    )
    for family, privacy_type, beginnings, example in _BEGINNINGS
)
_HASHED = Pattern(
    name="project.hashed",
    privacy_type="Project/Task ID",
    regex=rf"(?=#)(?P<value>{CODE})",
    keywords=("#",),
    reach=0,
    validate=is_code,
    score=0.5,
    examples=(("under #QX-7731 nothing leaks", "#QX-7731"),),
    counterexamples=("we are #1", "#tag-2", "color #FF0000", "#2024-05-01"),
)

_BARE = Pattern(
    name="project.bare",
    privacy_type="Project/Task ID",
    regex=(
        r"(?<!error )(?<!error: )(?<!error code )(?<!error code: )(?<!error code: ['\"‘“])"
        rf"(?P<value>{CODE})(?!['\"’”]?[ ](?:error|exception))"
    ),
    keywords=tuple(f"-{digit}" for digit in range(10)) + tuple(f"{digit}-" for digit in range(10)),
    reach=24,
    validate=is_bare_code,
    score=0.45,
    examples=(("I have opened SEA-FTR-0051 for it", "SEA-FTR-0051"), ("HT-LIVE-0815可以结案了", "HT-LIVE-0815")),
    counterexamples=(
        "COVID-19 and ISO-27001",
        "the RTX-4090",
        "1-800-555-0199",
        "2024-05-01",
        "error code: 'AUTH-FAIL-0089'",
    ),
)
# Characters of the place and office before a document number, without the words that announce it.
_PLACE = r"(?:(?![号號案件书書公和据按与由依解议議]|公文|文(?<=公文))[\u4e00-\u9fff]|公(?=刑|民|治|行))"
_CHINESE = (
    Pattern(
        name="judicial.chinese_file",
        privacy_type="Judicial Record",
        regex=(
            rf"(?P<value>{_PLACE}{{0,5}}[刑民仲罚罰诉訴调調拘案]{_PLACE}{{0,4}}[(\[〔](?:19|20)\d\d[)\]〕][ ]?(?:第)?\d{{1,8}}[号號])"
        ),
        keywords=words("(19, (20, [19, [20, 〔19, 〔20"),
        reach=10,
        score=0.75,
        examples=(("案号：北公刑立字〔2025〕3188号。", "北公刑立字〔2025〕3188号"),),
        counterexamples=("京文旅〔2025〕118号",),
    ),
    Pattern(
        name="judicial.chinese",
        privacy_type="Judicial Record",
        regex=(
            r"(?P<value>[(\[〔【](?:19|20)\d\d[)\]〕】][ ]?[\u4e00-\u9fff]{1,4}\d{0,5}[\u4e00-\u9fff]{0,4}"
            r"[民刑行执執破赔賠仲裁商知法][\u4e00-\u9fff]{0,6}(?:第)?\d{1,6}[号號](?:之[一二三四五六七八九十])?)"
        ),
        keywords=words("(19, (20, [19, [20, 〔19, 〔20, 【19, 【20"),
        reach=0,
        score=0.92,
        examples=(("案号是(2025)浙0105民初4471号，下周开庭", "(2025)浙0105民初4471号"),),
        counterexamples=("(2025)年度报告第3号",),
    ),
    Pattern(
        name="project.chinese",
        privacy_type="Project/Task ID",
        regex=(
            rf"(?P<value>(?:{_PLACE}{{1,6}})?[(\[〔](?:19|20)\d\d[)\]〕][ ]?[\u4e00-\u9fff]{{0,8}}(?:第)?\d{{1,8}}[号號]?"
            # Military certificates have a rule of their own, which knows their length.
            rf"|(?![军軍武]字){_PLACE}{{1,6}}字第?[ ]?\d{{3,14}}[号號])"
        ),
        keywords=words("(19, (20, [19, [20, 〔19, 〔20, 字第, 字1, 字2"),
        reach=6,
        score=0.7,
        examples=(("批文：京文旅〔2025〕118号下来了", "京文旅〔2025〕118号"),),
        counterexamples=("(2025)", "汉字第3课", "军字第204711号"),
    ),
)

PATTERNS: tuple[Pattern, ...] = (
    *_PROJECT,
    *_TRANSACTION,
    *_TRIP,
    *_STAY,
    *_MEDICAL,
    *_JUDICIAL,
    *_ACCOUNT,
    *_DEVICE,
    *_CONTEXT,
    *_PREFIXED,
    _HASHED,
    _BARE,
    *_CHINESE,
)

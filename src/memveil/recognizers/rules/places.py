"""Rules: where a person lives: streets and buildings of many countries, coordinates."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.chinese_names import SOUND
from memveil.recognizers.rules.fragments import CJK, MONTH, NOT_AFTER_WORD, NOT_BEFORE_WORD, UPPER

__all__ = ["PATTERNS"]

_WORD = rf"(?:(?-i:St\.[ ])?(?-i:[{UPPER}][\w'’\-]{{1,20}}))"
_STREET = (
    r"(?:street|avenue|road|lane|drive|court|boulevard|way|place|terrace|square|highway|quay|crescent|close|parkway|circle|row|walk|mews|grove"
    r"|gardens|hill|rise|view|loop|trail|alley|esplanade|parade|wharf|embankment|broadway|steps|(?:st|ave|av|rd|ln|dr|ct|blvd|pl|ter|sq|hwy|cres|pkwy|cir)(?:\.(?=,))?)"
)
_STREET_KEYS = tuple(
    f" {word}"
    for word in (
        "street",
        "st",
        "avenue",
        "ave",
        "av",
        "road",
        "rd",
        "lane",
        "ln",
        "drive",
        "dr",
        "court",
        "ct",
        "boulevard",
        "blvd",
        "way",
        "place",
        "pl",
        "terrace",
        "square",
        "highway",
        "hwy",
        "quay",
        "crescent",
        "close",
        "parkway",
        "pkwy",
        "circle",
        "row",
        "walk",
        "mews",
        "grove",
        "gardens",
        "hill",
        "rise",
        "loop",
        "trail",
        "alley",
        "esplanade",
        "parade",
        "wharf",
        "embankment",
        "broadway",
    )
)
_UNIT = r"(?:[,\n]?[ ]?(?:apt|apartment|apto|unit|suite|ste|flat|floor|fl|room|rm|#|no|m)\.?[ ]?(?=[\w#\-]{0,4}\d|[A-Z](?![a-z]))#?[\w\-]{1,6})?"
_CITY = (
    rf"(?:{_WORD}(?:[ ]{_WORD}){{0,2}}(?:[ ](?-i:[A-Z]{{2,3}}))?(?:[ ]\d{{4,6}}(?:-\d{{4}})?)?"
    rf"|(?-i:[A-Z]{{2,3}})(?:[ ]\d{{4,5}}(?:-\d{{4}})?)?|\d{{3}}[ ]\d{{2}}[ ]{_WORD}|(?-i:Co)\.[ ]{_WORD}|(?-i:[A-Z]{{1,2}}-)?\d{{4,6}}(?:[ ](?-i:[A-Z]{{2}}))?(?:[ ]{_WORD}){{1,2}})"
)
_CITY_ENDS = r"(?=[,.;!?)\"'\n]|[ ]?$|[ ](?:and|is|was|to|for|by|with|or|on|in|so|i|but)[ ])"
_REST = rf"(?:(?:,[ ]?\n?|\n){_CITY}{_CITY_ENDS}(?![\w ]{{0,20}}:)){{0,4}}"
_ADDRESS_OUT = "我你他她它们的是在于住到从往去就了着过和与及至寄送给址搬来回把被将让为请用即叫说看见离距这那哪此每个条家所有想要能会还也都又才只不没很走跑坐开经沿穿，。"
_A = f"(?:和平|长安|[陆王张李赵徐周朱刘马高郭石杨谢宋许沈韩冯潘龙雷史范万]家|[{CJK}](?<![{_ADDRESS_OUT}]))"
_HERE_ZH = rf"(?:(?<![{CJK}])|(?<=[在于住到往去从给寄送址的至是为]))"
_FOREIGN_ROAD_ZH = rf"[{SOUND}]{{2,8}}(?:大道|大街|街|路|广场)"
_REGION_ZH = rf"(?:{_A}{{2,7}}(?:省|自治区|特别行政区))?(?:{_A}{{1,7}}(?:市|州|盟))?(?:{_A}{{1,7}}(?:区|县|旗))?(?:{_A}{{1,7}}(?:镇|乡|街道|新村|开发区|工业园|科技园))?"
_ROAD_ZH = rf"(?:{_A}{{1,8}}(?:大道|大街|环路|路|街|巷|胡同|弄|道|里|(?<!度假)村))"
_NO_ZH = r"(?:[ ]?(?:\d{1,5}|[一二三四五六七八九十百]{1,4})[ ]?(?:号院|号楼|号|弄|巷|之\d|-\d{1,4}号?))"
_BUILDING_ZH = (
    rf"{_A}{{2,12}}?(?:公寓|大厦|小区|花园|家园|广场|中心|大楼|酒店|山庄|别墅|苑|府|城|传达室|研究楼|办公室|嘉园)"
)
_UNIT_ZH = r"[ ]?[A-Za-z]?(?:\d{1,4}[A-Za-z]?|[一二三四五六七八九十]{1,3}|[A-Za-z])[ ]?(?:号楼|号院|单元|栋|幢|座|层|楼|室|户|房|号)"
_IN_ZH = rf"(?:[,， ]{{0,2}}(?:{_BUILDING_ZH}(?:{_UNIT_ZH}){{0,4}}|(?:{_UNIT_ZH}){{1,5}}))?(?:[ ]?\d{{2,4}}(?=[,，。；;\n ]|$))?"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="places.street",
        privacy_type="Detailed Address",
        regex=rf"(?<![\w.,$€£/\-])(?P<value>(?:(?:unit|apt|flat|suite)[ ]\w{{0,3}}\d\w{{0,2}}[,/ ][ ]?)?\d{{1,5}}(?:[/\-]\d{{1,4}})?[A-Za-z]?[ ](?:(?-i:[NSEW]|North|South|East|West|Old|New|Upper|Lower)\.?[ ])?(?:(?:{_WORD}|\d{{1,3}}(?:st|nd|rd|th))[ ]){{1,4}}{_STREET}{NOT_BEFORE_WORD}(?:[ ](?-i:[NSEW]{{1,2}}|North|South|East|West)(?![a-z]))?{_UNIT}{_REST})",
        keywords=_STREET_KEYS,
        reach=48,
        score=0.93,
        examples=(
            ("I live at 6 Fern Gully Lane, Longley.", "6 Fern Gully Lane, Longley"),
            (
                "ship to 3310 Alder Brook Ave, Apt 5B, Spokane, WA 99201, USA",
                "3310 Alder Brook Ave, Apt 5B, Spokane, WA 99201, USA",
            ),
            ("at 38 Davey Street today", "38 Davey Street"),
        ),
        counterexamples=("5 way street", "10 Downing", "in 2 easy steps drive home"),
    ),
    Pattern(
        name="places.street_romance",
        privacy_type="Detailed Address",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?:via|viale|piazza|corso|calle|avenida|av\.|paseo|plaza|rua|travessa|rue|avenue|boulevard|place|quai|chemin|carrer|jl\.|jalan|ul\.|ulica|ulice|ulitsa)[ ](?:(?-i:de|del|della|delle|dei|di|da|do|dos|des|du|la|las|los|le|l')[ ]?){{0,3}}{_WORD}(?:[ ](?:(?-i:de|del|di|da|e|y|la)[ ]){{0,2}}{_WORD}){{0,3}},?[ ](?:no\.?[ ]?|n\.?[ ]?)?\d{{1,5}}(?:[/\-]\d{{1,3}})?[A-Za-z]?{NOT_BEFORE_WORD}(?![ ]{MONTH}{NOT_BEFORE_WORD})(?:,[ ]?\d{{1,2}}[ºª°][ ]?(?:izquierda|derecha|\w{{0,2}}(?!\w)))?(?:,[ ](?:(?:first|second|third|fourth|ground|top)[ ]floor|bajo[ ]\w))?{_UNIT}{_REST})",
        keywords=(
            "via ",
            "viale ",
            "piazza ",
            "corso ",
            "calle ",
            "avenida ",
            "av. ",
            "paseo ",
            "plaza ",
            "rua ",
            "travessa ",
            "rue ",
            "avenue ",
            "boulevard ",
            "place ",
            "quai ",
            "chemin ",
            "carrer ",
            "jl. ",
            "jalan ",
            "ul. ",
            "ulica ",
            "ulice ",
            "ulitsa ",
        ),
        reach=0,
        score=0.92,
        examples=(
            (
                "wohnt in Via Giosuè Carducci 18, Apt 3C, 20123 Milan, Italy.",
                "Via Giosuè Carducci 18, Apt 3C, 20123 Milan, Italy",
            ),
            ("Jl. Melati No. 21, Bandung 40115", "Jl. Melati No. 21, Bandung 40115"),
        ),
        counterexamples=("via email 3 times", "place 4 eggs", "rue the day"),
    ),
    Pattern(
        name="places.street_before_number_rue",
        privacy_type="Detailed Address",
        regex=rf"(?<![\w.,$€£/\-])(?P<value>\d{{1,4}}(?:[ ]?(?:bis|ter))?,?[ ](?:rue|avenue|boulevard|place|quai|chemin|impasse|allée)[ ](?:(?:de|du|des|la|le|l['’])[ ]?){{0,2}}{_WORD}(?:[ \-]{_WORD}){{0,3}}{_UNIT}{_REST})",
        keywords=("rue ", "avenue ", "boulevard ", "place ", "quai ", "chemin ", "impasse ", "allée "),
        reach=9,
        score=0.92,
        examples=(("au 14 rue de Belleville, 75020 Paris", "14 rue de Belleville, 75020 Paris"),),
        counterexamples=("in 4 place settings",),
    ),
    Pattern(
        name="places.street_germanic",
        privacy_type="Detailed Address",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?:(?-i:Obere|Untere|Alte|Neue|Große|Kleine|Am|An der|Auf der)[ ])?(?-i:[{UPPER}][\wäöüß\-]{{2,24}}(?:straße|strasse|str\.|weg|allee|platz|gasse|damm|ufer|ring|gata|gatan|gate|vei|veien|vägen|vej|straat|laan|gracht|plein|kade))[ ]\d{{1,4}}(?:[/\-]\d{{1,3}})?[a-zA-Z]?{NOT_BEFORE_WORD}(?:,[ ]\d\.[ ](?:sal|tv|th|mf)\.?)?{_UNIT}{_REST})",
        keywords=(
            "straße ",
            "strasse ",
            "str. ",
            "weg ",
            "allee ",
            "platz ",
            "gasse ",
            "damm ",
            "ufer ",
            "ring ",
            "gata ",
            "gatan ",
            "gate ",
            "vei ",
            "veien ",
            "vägen ",
            "vej ",
            "straat ",
            "laan ",
            "gracht ",
            "plein ",
            "kade ",
        ),
        reach=26,
        score=0.9,
        examples=(
            ("Ich wohne Lindenstraße 14a, 10969 Berlin", "Lindenstraße 14a, 10969 Berlin"),
            ("Prinsengracht 471", "Prinsengracht 471"),
        ),
        counterexamples=("Spring 2024 and ring 3",),
    ),
    Pattern(
        name="places.address_field",
        privacy_type="Detailed Address",
        regex=rf"{NOT_AFTER_WORD}(?P<cue>(?:home|street|mailing|billing|shipping|physical|current|delivery|postal)?[ _]?address)[\"']?[ ]?(?::|=|is)[ ]?[\"']?(?P<value>\d{{1,5}}[A-Za-z]?[ ]{_WORD}(?:[ ]{_WORD}){{0,4}}{_UNIT}{_REST})",
        keywords=("address",),
        reach=10,
        score=0.88,
        examples=(("Address: 47 Harbour Heights, Bergen", "47 Harbour Heights, Bergen"),),
        counterexamples=("address: see below",),
    ),
    Pattern(
        name="places.address_zh",
        privacy_type="Detailed Address",
        regex=rf"(?P<value>(?:{_HERE_ZH}{_REGION_ZH}{_ROAD_ZH}|{_FOREIGN_ROAD_ZH})(?:{_NO_ZH}{_IN_ZH}|{_BUILDING_ZH}(?:{_UNIT_ZH}){{1,4}}(?:\d{{2,4}})?))",
        keywords=("路", "街", "大道", "巷", "胡同", "弄", "村"),
        reach=44,
        validate=lambda value: any(char.isdigit() or char in "一二三四五六七八九十百" for char in value),
        score=0.93,
        examples=(
            ("我住在海北省临江市东岭区槐荫路218号3栋502室，", "海北省临江市东岭区槐荫路218号3栋502室"),
            ("寄到仓街58号", "仓街58号"),
            ("搬到阿古阿斯大道 24 号，603室", "阿古阿斯大道 24 号，603室"),
        ),
        counterexamples=("走这条路3号线", "一路上2小时"),
    ),
    Pattern(
        name="places.address_zh_by_cue",
        privacy_type="Detailed Address",
        regex=rf"(?P<cue>地址在|地址是|地址为|地址[:：]|住址[:：是]|家住|住在|位于|寄到|寄往|送到|搬到|搬进|家在)[ ]?(?P<value>{_REGION_ZH}(?:{_ROAD_ZH}|{_A}{{2,10}}(?:小区|公寓|大厦|花园|家园|新村|山庄|别墅|苑|府)){_NO_ZH}?{_IN_ZH})",
        keywords=("地址", "住址", "家住", "住在", "位于", "寄到", "寄往", "送到", "搬到", "搬进", "家在"),
        reach=0,
        score=0.88,
        examples=(("住在槐荫花园7栋", "槐荫花园7栋"), ("地址在东岭中关大街", "东岭中关大街")),
        counterexamples=("位于北京",),
    ),
    Pattern(
        name="places.flat_zh",
        privacy_type="Detailed Address",
        regex=rf"(?P<value>{_A}{{2,10}}(?:公寓|大厦|小区|花园|家园|新村|山庄|别墅|苑)(?:\([A-Za-z ]{{3,30}}\))?[ ]?[A-Za-z]?\d{{1,4}}[A-Za-z]?(?:号楼|栋|幢|座|单元|室|房|号)(?:[ ]?[A-Za-z]?\d{{1,4}}[A-Za-z]?(?:单元|室|房|号|层)){{0,2}})",
        keywords=("公寓", "大厦", "小区", "花园", "家园", "新村", "山庄", "别墅", "苑"),
        reach=12,
        score=0.9,
        examples=(("槐荫公寓5A室漏水", "槐荫公寓5A室"),),
        counterexamples=("公寓3室一厅",),
    ),
    Pattern(
        name="places.avenue_zh",
        privacy_type="Detailed Address",
        regex=rf"(?P<value>[{SOUND}]{{3,6}}(?:大道|大街))",
        keywords=("大道", "大街"),
        reach=8,
        validate=lambda value: not value.startswith(("华尔", "香榭丽舍", "星光", "林荫")),
        score=0.6,
        examples=(("把阿古阿斯大道的老宅修好", "阿古阿斯大道"),),
        counterexamples=("走大道", "光明大道"),
    ),
    Pattern(
        name="places.coordinates",
        privacy_type="Precise Location",
        regex=r"(?<![\d.])(?P<value>-?(?:[1-8]?\d|90)\.\d{3,10}[ ]?°?[ ]?[NS]?[,;][ ]?-?(?:1[0-7]\d|[1-9]?\d|180)\.\d{3,10}(?:[ ]?°?[ ]?[EW](?![a-z]))?)(?![\d.])",
        keywords=tuple(f".{digit}" for digit in range(10)),
        reach=4,
        score=0.85,
        examples=(
            ("I'm at 60.3913, 5.3221 now", "60.3913, 5.3221"),
            ("51.5033° N, 0.1195° W", "51.5033° N, 0.1195° W"),
        ),
        counterexamples=("1.25, 3.50", "[0.1, 0.2]"),
    ),
    Pattern(
        name="places.coordinates_dms",
        privacy_type="Precise Location",
        regex=r"(?P<value>\d{1,2}°[ ]?\d{1,2}['′’][ ]?(?:\d{1,2}(?:\.\d+)?[\"″”]?)?[ ]?[NS],?[ ]?\d{1,3}°[ ]?\d{1,2}['′’][ ]?(?:\d{1,2}(?:\.\d{1,4})?[\"″”]?)?[ ]?[EW])(?![a-z])",
        keywords=("°",),
        reach=3,
        score=0.9,
        examples=(("meet at 60°23'28\"N 5°19'20\"E", "60°23'28\"N 5°19'20\"E"),),
    ),
)

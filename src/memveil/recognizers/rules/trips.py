"""Rules: where a person stays and goes: hotels, wards, stations, journeys."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.fragments import CJK, DATE, MONTH, NOT_AFTER_WORD, NOT_BEFORE_WORD, UPPER

__all__ = ["PATTERNS"]

_WORD = rf"(?:(?-i:St\.[ ])?(?-i:[{UPPER}][\w'’\-]{{1,20}}))"
_ROOM = r"(?:room|suite|cabin|wing|floor)[ ](?:no\.?[ ]|number[ ])?[A-Za-z]{0,2}-?\d{0,4}[A-Za-z]?"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="trips.station",
        privacy_type="Precise Location",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?-i:[A-Z][a-z]{{2,14}})[ ](?-i:Research )?(?-i:Station)(?:[ ]in[ ](?-i:Antarctica))?){NOT_BEFORE_WORD}",
        keywords=(" station",),
        reach=16,
        validate=lambda value: (
            value.split()[0]
            not in (
                "The",
                "This",
                "Police",
                "Fire",
                "Space",
                "Train",
                "Gas",
                "Bus",
                "Radio",
                "Power",
                "Central",
                "Metro",
                "Railway",
                "Subway",
                "Weather",
                "Play",
                "International",
                "Work",
                "Union",
                "Television",
                "Service",
                "Charging",
                "Base",
                "Docking",
                "My",
                "Our",
                "A",
                "At",
            )
        ),
        score=0.7,
        examples=(("I'm stuck at Halley Station for weeks", "Halley Station"),),
        counterexamples=("the Space Station", "a Police Station"),
    ),
    Pattern(
        name="trips.hotel",
        privacy_type="Accommodation Records",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?-i:Hotel|Hostel|Pension|Gasthof|Albergo|Airbnb)[ ]{_WORD}(?:[ ]{_WORD}){{0,3}}(?:[ ]in[ ]{_WORD})?(?:,[ ]{_ROOM})?|(?:{_WORD}[ ]){{1,3}}(?-i:Hotel|Hostel|Inn|Lodge|Guesthouse|Resort)(?:[ ]in[ ]{_WORD})?(?:,[ ]{_ROOM})?){NOT_BEFORE_WORD}",
        keywords=(
            "hotel",
            "hostel",
            "pension ",
            "gasthof",
            "albergo",
            "airbnb",
            " inn",
            " lodge",
            "guesthouse",
            " resort",
        ),
        reach=50,
        validate=lambda value: (
            value.split()[0]
            not in (
                "The",
                "A",
                "My",
                "Our",
                "This",
                "California",
                "Best",
                "At",
                "In",
                "Book",
                "Haha",
                "May",
                "June",
                "July",
                "April",
                "Grand",
                "Budget",
                "Dear",
            )
        ),
        score=0.75,
        examples=(
            ("we stay at Hotel Lindner in Bergen", "Hotel Lindner in Bergen"),
            ("the Fjordview Lodge burnt", "Fjordview Lodge"),
        ),
        counterexamples=("a hotel in Rome",),
    ),
    Pattern(
        name="trips.room",
        privacy_type="Accommodation Records",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?:room|cabin|suite)[ ](?:no\.?[ ]|number[ ])?(?-i:[A-Z]{{0,2}}-?\d{{2,4}}[A-Z]?)){NOT_BEFORE_WORD}",
        keywords=("hotel", "check in", "check-in", "checked in", "staying", "hostel", "cruise", "resort"),
        reach=80,
        score=0.7,
        examples=(("I'm staying at the Lindner, room 618", "room 618"),),
        counterexamples=("room for 100 people", "the hotel has 100 rooms"),
    ),
    Pattern(
        name="trips.ward",
        privacy_type="Precise Location",
        regex=(
            rf"{NOT_AFTER_WORD}(?P<value>(?:{_WORD}[ ](?:(?-i:of|and|the|de)[ ])?){{1,4}}(?-i:Hospital|Clinic|Infirmary|Hospice|Medical Cent(?:er|re))"
            rf"(?:[ ]{_WORD})?(?:,[ ](?:[a-z]{{3,12}}[ ])?(?:ward|unit|bed|room|wing|theatre|floor)(?:[ ][A-Za-z]?\d{{0,3}}[A-Za-z]?)?){{1,3}}|ward[ ](?-i:[A-Z]|\d{{1,2}}[A-Z]?),[ ]bed[ ]\d{{1,3}}){NOT_BEFORE_WORD}"
        ),
        keywords=("ward", ", bed ", ", room ", " unit", "theatre", "wing"),
        reach=80,
        score=0.85,
        examples=(("She is at Northgate Hospital, ward 4B, bed 11 now", "Northgate Hospital, ward 4B, bed 11"),),
        counterexamples=("the hospital ward was full",),
    ),
    Pattern(
        name="trips.hotel_zh",
        privacy_type="Accommodation Records",
        regex=rf"(?:入住|住在|下榻|预订了?|住进|住的)(?:了)?(?P<value>(?:当地的|(?:[{CJK}A-Za-z]){{1,10}}?)(?:酒店|宾馆|客栈|民宿|旅馆|招待所|度假村))",
        keywords=("酒店", "宾馆", "客栈", "民宿", "旅馆", "招待所", "度假村"),
        reach=18,
        score=0.8,
        examples=(("今晚入住槐荫湖畔酒店", "槐荫湖畔酒店"),),
        counterexamples=("酒店推荐",),
    ),
    Pattern(
        name="trips.flight",
        privacy_type="Itinerary/Trajectory",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?P<cue>flight|train)s?[ ](?-i:[A-Z][A-Z0-9][ ]?\d{{2,4}})(?:[ ](?:from|to)[ ]{_WORD}(?:[ ]{_WORD})?){{0,2}}(?:[ ]on[ ]{DATE})?)(?!\d)",
        keywords=("flight", "train"),
        reach=0,
        score=0.88,
        examples=(("my flight KL 1234 to Oslo on 3 May", "flight KL 1234 to Oslo on 3 May"),),
        counterexamples=("a flight of 12 stairs",),
    ),
    Pattern(
        name="trips.trip",
        privacy_type="Itinerary/Trajectory",
        regex=(
            rf"{NOT_AFTER_WORD}(?P<value>(?:(?:road|train|business|research|weekend|upcoming|short)[ ])?(?P<cue>trip|flights?|drive|journey|travel(?:l?ing)?|fly(?:ing)?|visit|cruise|train|bus)"
            rf"(?:[ ]from[ ]{_WORD}(?:[ ]{_WORD})?)?[ ]to[ ](?:the[ ])?(?P<to>{_WORD}(?:[ ]{_WORD}){{0,2}})(?:,[ ]{_WORD}(?=[ ](?:on|from|in|this|next)))?(?:[ ](?:on|from|for|in|this|next|between)[ ](?:{DATE}|{MONTH}{NOT_BEFORE_WORD}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend|week|month|summer|autumn|fall|winter|spring)(?:[ ]?(?:to|until|-|–|and)[ ]?(?:{DATE}|\d{{1,2}}(?:,[ ]\d{{4}})?))?){{0,2}}){NOT_BEFORE_WORD}"
        ),
        keywords=(
            "trip ",
            "flight ",
            "flights ",
            "drive ",
            "journey ",
            "travel ",
            "travelling ",
            "traveling ",
            "fly ",
            "flying ",
            "visit to",
            "cruise ",
            "train ",
            "bus ",
        ),
        reach=10,
        score=0.8,
        examples=(
            ("planning a road trip to Lecce on May 4th, 2027", "road trip to Lecce on May 4th, 2027"),
            ("flights from Bergen to Oslo", "flights from Bergen to Oslo"),
        ),
        counterexamples=("a trip to the shop", "fly to the moon"),
    ),
    Pattern(
        name="trips.trip_zh",
        privacy_type="Itinerary/Trajectory",
        regex=rf"(?P<value>(?:(?:本|这|下)?(?:周[一二三四五六日末]|个?月)|\d{{1,2}}月\d{{1,2}}[日号])?(?P<cue>前往|飞往|飞去|开往|自驾去|出差去)[{CJK}]{{2,8}}?(?:的?(?:短途|长途)?(?:徒步|旅行|旅游|出差|航班|行程|之旅)|(?=[,，。的、]))(?:行程)?)",
        keywords=("前往", "飞往", "飞去", "开往", "自驾去", "出差去"),
        reach=8,
        score=0.7,
        examples=(("下周五飞往卑尔根的航班", "下周五飞往卑尔根的航班"),),
        counterexamples=("前往",),
    ),
)

"""Rules: identity and tax numbers of single countries.

A number that carries check digits is taken on its own; every other one needs a
word that names it.
"""

from __future__ import annotations

from collections.abc import Callable

from memveil.recognizers import checksums
from memveil.recognizers.patterns import Pattern

__all__ = ["PATTERNS"]

_IS = r"(?:[ ]?(?:number|no\.?|nr\.?|num|#|号码|号))?[ ]{0,2}(?:\([^()\n]{1,30}\)[ ]?)?(?:on file[ ])?(?:is|was|为|是|:|=|#|\"|'|`|\*|[ ]|,){0,7}"
_DIGIT_EDGE = r"(?<![0-9A-Za-z_])(?<![0-9][.\-/])"
_DIGIT_END = r"(?![0-9A-Za-z_])(?![.\-/][0-9])"
_BIRTH_6 = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"


def _by_cue(
    name: str,
    cue: str,
    value: str,
    keywords: tuple[str, ...],
    *,
    example: tuple[str, str],
    check: Callable[[str], bool] | None = None,
) -> Pattern:
    """A national number of which the name is a cue and the check digits, if any, decide."""
    return Pattern(
        name=f"national_ids.{name}",
        privacy_type="ID Number",
        regex=rf"(?P<cue>{cue}){_IS}(?P<value>{value}){_DIGIT_END}",
        keywords=keywords,
        reach=0,
        validate=check,
        score=0.96,
        examples=(example,),
    )


_NATIONAL = (
    _by_cue(
        "br_cpf",
        "cpf",
        r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}",
        ("cpf",),
        check=checksums.br_cpf,
        example=("CPF: 390.533.447-05", "390.533.447-05"),
    ),
    _by_cue(
        "br_cnpj",
        "cnpj",
        r"\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2}",
        ("cnpj",),
        check=checksums.br_cnpj,
        example=("CNPJ 16.727.230/0001-97", "16.727.230/0001-97"),
    ),
    _by_cue(
        "uk_nino",
        r"nino|national insurance|ni number",
        r"[A-CEGHJ-PR-TW-Z]{2}[ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?[A-D]",
        ("nino", "national insurance", "ni number"),
        example=("NINO: JG 10 37 59 A", "JG 10 37 59 A"),
    ),
    _by_cue(
        "uk_nhs",
        "nhs",
        r"\d{3}[ \-]?\d{3}[ \-]?\d{4}",
        ("nhs",),
        example=("NHS number: 943 476 5919", "943 476 5919"),
    ),
    _by_cue(
        "de_idnr",
        r"steuer(?:liche)?[ \-]?(?:id(?:entifikationsnummer)?(?:-?nr\.?)?|nummer)|idnr|tax id",
        r"\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}",
        ("steuer", "idnr", "tax id"),
        check=lambda v: v[0] != "0",
        example=("Steuer-ID: 36 574 261 809", "36 574 261 809"),
    ),
    _by_cue(
        "in_aadhaar",
        r"aadhaar|aadhar|uidai",
        r"[2-9]\d{3}[ \-]?\d{4}[ \-]?\d{4}",
        ("aadhaar", "aadhar", "uidai"),
        example=("Aadhaar: 4275 1180 2276", "4275 1180 2276"),
    ),
    _by_cue(
        "in_pan",
        r"pan(?:[ ]card)?",
        r"(?-i:[A-Z]{3}[ABCFGHLJPTK][A-Z]\d{4}[A-Z])",
        ("pan",),
        example=("PAN: BKQPR4471M", "BKQPR4471M"),
    ),
    _by_cue(
        "jp_my_number",
        r"マイナンバー|個人番号|my number",
        r"\d{4}[ \-]?\d{4}[ \-]?\d{4}",
        ("マイナンバー", "個人番号", "my number"),
        example=("マイナンバー 4471 2038 8216", "4471 2038 8216"),
    ),
    _by_cue(
        "ca_sin",
        r"sin|social insurance",
        r"\d{3}[ \-]?\d{3}[ \-]?\d{3}",
        ("sin ", "sin:", "sin#", "social insurance"),
        example=("my SIN is 130 692 544", "130 692 544"),
    ),
    _by_cue(
        "au_tfn",
        r"tfn|tax file",
        r"\d{3}[ ]?\d{3}[ ]?\d{2,3}",
        ("tfn", "tax file"),
        example=("TFN 459 599 230", "459 599 230"),
    ),
)
_SELF_PROVING = tuple(
    Pattern(
        name=f"national_ids.{name}",
        privacy_type="ID Number",
        regex=rf"{_DIGIT_EDGE}(?P<value>{value}){_DIGIT_END}",
        keywords=keywords,
        reach=reach,
        validate=check,
        score=score,
        examples=(example,),
        counterexamples=counterexamples,
    )
    for name, value, keywords, reach, check, score, example, counterexamples in (
        (
            "br_cpf_form",
            r"\d{3}\.\d{3}\.\d{3}-\d{2}",
            tuple(f".{d}" for d in range(10)),
            4,
            lambda v: len(set(v)) > 4 and checksums.br_cpf(v),
            0.9,
            ("o número é 390.533.447-05", "390.533.447-05"),
            ("111.111.111-11", "390.533.447-06"),
        ),
        (
            "kr_rrn_form",
            rf"{_BIRTH_6}-[1-8]\d{{6}}",
            tuple(f"{c}-{d}" for c in range(10) for d in range(1, 9)),
            6,
            None,
            0.9,
            ("번호는 850917-2046612", "850917-2046612"),
            ("851317-2046612", "99850917-2046612"),
        ),
        (
            "es_dni_form",
            r"(?-i:\d{8}-[A-Z]|[XYZ]-\d{7}-?[A-Z])",
            (*(f"{d}-{c}" for d in range(10) for c in "abcdefghjklmnpqrstvwxyz"), "x-", "y-", "z-"),
            8,
            lambda v: checksums.es_dni(v) or checksums.es_nie(v),
            0.85,
            ("DNI 54362315-K", "54362315-K"),
            ("54362315-L",),
        ),
        (
            "it_cf",
            r"(?-i:[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z])",
            tuple(f"{d}{c}" for d in range(10) for c in "abcdehlmprst"),
            8,
            checksums.it_codicefiscale,
            0.9,
            ("CF RCCMNL83S18D969H", "RCCMNL83S18D969H"),
            (),
        ),
        (
            "sg_nric",
            r"(?-i:[STFGM]\d{7}[A-Z])",
            tuple(f"{c}{d}" for c in "stfgm" for d in range(10)),
            0,
            checksums.sg_nric,
            0.85,
            ("IC S5000100H", "S5000100H"),
            ("S5000100C",),
        ),
        (
            "hk_id",
            r"(?-i:[A-Z]{1,2}\d{6}\([\dA]\))",
            tuple(f"({c})" for c in "0123456789a"),
            9,
            checksums.hk_id,
            0.95,
            ("我的香港身份证是C668668(E)，不对，是G123456(A)", "G123456(A)"),
            ("C123456(7)",),
        ),
        (
            "ch_ahv",
            r"756\.\d{4}\.\d{4}\.\d{2}",
            ("756.",),
            0,
            checksums.ch_ssn,
            0.9,
            ("AHV 756.9217.0769.85", "756.9217.0769.85"),
            ("756.9217.0769.86",),
        ),
        (
            "tr_kimlik_fr_nir",
            r"[12]\d{2}(?:0[1-9]|1[0-2])(?:2[AB]|\d{2})\d{6}\d{2}|[12][ ]\d{2}[ ]\d{2}[ ]\d{2}[ ]\d{3}[ ]\d{3}[ ]\d{2}",
            ("nir", "sécurité sociale", "sécu"),
            60,
            checksums.fr_nir,
            0.9,
            ("n° de sécurité sociale 2 95 10 99 126 111 93", "2 95 10 99 126 111 93"),
            (),
        ),
    )
)

PATTERNS: tuple[Pattern, ...] = (
    *_NATIONAL,
    *_SELF_PROVING,
)

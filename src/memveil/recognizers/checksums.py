"""Checks on the inside of a number: ``str -> bool``, True where the value proves itself.

Each check takes the value as it stands in a text, with the separators that its
kind of number is written with, and never raises. Most are those of python-stdnum,
imported when first asked for; the rest stands here with its source.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Callable
from importlib import import_module

__all__ = [
    "at_vnr",
    "au_tfn",
    "be_nn",
    "bg_egn",
    "bic",
    "bitcoin_address",
    "br_cnpj",
    "br_cpf",
    "ca_sin",
    "ch_ssn",
    "cl_rut",
    "cn_credit_code",
    "cn_resident_id",
    "cz_rc",
    "de_idnr",
    "dk_cpr",
    "es_dni",
    "es_nie",
    "eu_vat",
    "fi_hetu",
    "fr_nir",
    "gb_nhs",
    "gb_utr",
    "hk_id",
    "hr_oib",
    "iban",
    "ie_pps",
    "il_idnr",
    "imei",
    "in_aadhaar",
    "in_pan",
    "ip_address",
    "isin",
    "it_codicefiscale",
    "kr_rrn",
    "lei",
    "luhn",
    "mac",
    "mx_curp",
    "mx_rfc",
    "nl_bsn",
    "no_fodselsnummer",
    "nz_ird",
    "payment_card",
    "pl_nip",
    "pl_pesel",
    "pt_nif",
    "ro_cnp",
    "ru_inn",
    "se_personnummer",
    "sg_nric",
    "th_pin",
    "tr_tckimlik",
    "tw_id",
    "us_ein",
    "us_itin",
    "us_routing",
    "us_ssn",
    "vin",
    "za_idnr",
]

_SEPARATORS = re.compile(r"[\s\-./·]+")


def _compact(value: str) -> str:
    return _SEPARATORS.sub("", value).upper()


def _stdnum(module: str) -> Callable[[str], bool]:
    """The check of one python-stdnum module, imported on first use."""

    def check(value: str) -> bool:
        try:
            return bool(import_module(f"stdnum.{module}").is_valid(value))
        except (LookupError, TypeError, ValueError):
            # Some modules stumble over numbers of a shape they did not expect;
            # what they cannot read does not prove itself.
            return False

    return check


at_vnr = _stdnum("at.vnr")
au_tfn = _stdnum("au.tfn")
be_nn = _stdnum("be.nn")
bg_egn = _stdnum("bg.egn")
bic = _stdnum("bic")
bitcoin_address = _stdnum("bitcoin")
br_cnpj = _stdnum("br.cnpj")
br_cpf = _stdnum("br.cpf")
ca_sin = _stdnum("ca.sin")
ch_ssn = _stdnum("ch.ssn")
cl_rut = _stdnum("cl.rut")
cn_credit_code = _stdnum("cn.uscc")
cz_rc = _stdnum("cz.rc")
de_idnr = _stdnum("de.idnr")
dk_cpr = _stdnum("dk.cpr")
es_dni = _stdnum("es.dni")
es_nie = _stdnum("es.nie")
eu_vat = _stdnum("eu.vat")
fi_hetu = _stdnum("fi.hetu")
fr_nir = _stdnum("fr.nir")
gb_nhs = _stdnum("gb.nhs")
gb_utr = _stdnum("gb.utr")
hr_oib = _stdnum("hr.oib")
iban = _stdnum("iban")
ie_pps = _stdnum("ie.pps")
il_idnr = _stdnum("il.idnr")
in_aadhaar = _stdnum("in_.aadhaar")
in_pan = _stdnum("in_.pan")
isin = _stdnum("isin")
it_codicefiscale = _stdnum("it.codicefiscale")
kr_rrn = _stdnum("kr.rrn")
lei = _stdnum("lei")
mac = _stdnum("mac")
mx_curp = _stdnum("mx.curp")
mx_rfc = _stdnum("mx.rfc")
nl_bsn = _stdnum("nl.bsn")
no_fodselsnummer = _stdnum("no.fodselsnummer")
nz_ird = _stdnum("nz.ird")
pl_nip = _stdnum("pl.nip")
pl_pesel = _stdnum("pl.pesel")
pt_nif = _stdnum("pt.nif")
ro_cnp = _stdnum("ro.cnp")
ru_inn = _stdnum("ru.inn")
se_personnummer = _stdnum("se.personnummer")
th_pin = _stdnum("th.pin")
tr_tckimlik = _stdnum("tr.tckimlik")
us_ein = _stdnum("us.ein")
us_itin = _stdnum("us.itin")
us_routing = _stdnum("us.rtn")
us_ssn = _stdnum("us.ssn")
za_idnr = _stdnum("za.idnr")


def luhn(value: str) -> bool:
    """Luhn's mod 10 (ISO/IEC 7812-1, annex B) over the digits, which are not all alike."""
    digits = _compact(value)
    if not digits.isascii() or not digits.isdigit() or len(set(digits)) == 1:
        return False
    doubled = (2 * int(digit) if place % 2 else int(digit) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def payment_card(value: str) -> bool:
    """A payment card number: 12 to 19 digits that begin with a network's digit (2-6, 9) and pass Luhn."""
    digits = _compact(value)
    return 12 <= len(digits) <= 19 and digits[0] in "234569" and luhn(digits)


def imei(value: str) -> bool:
    """An IMEI of 15 digits with its Luhn digit (3GPP TS 23.003, 6.2)."""
    digits = _compact(value)
    return len(digits) == 15 and luhn(digits)


_CN_PROVINCES = frozenset(
    f"{code}"
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83),
    )
    for code in codes
)
_CN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def cn_resident_id(value: str) -> bool:
    """A Chinese resident identity number of 18 places: province, real birth date, check digit (GB 11643).

    The county is not looked up: lists of counties lack those that were dissolved.
    """
    number = _compact(value)
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII) or number[:2] not in _CN_PROVINCES:
        return False
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _CN_WEIGHTS, strict=False))
    return number[17] == "10X98765432"[total % 11]


def hk_id(value: str) -> bool:
    """A Hong Kong identity card number, ``A123456(3)``: letters, six digits, check digit by mod 11."""
    match = re.fullmatch(r"([A-Z]{1,2})(\d{6})\(?([\dA])\)?", _compact(value), re.ASCII)
    if match is None:
        return False
    letters, digits, check = match.groups()
    places = [36] * (2 - len(letters)) + [ord(letter) - 55 for letter in letters] + [int(d) for d in digits]
    total = sum(place * weight for place, weight in zip(places, range(9, 1, -1), strict=True))
    return (total + int(check, 11)) % 11 == 0


_TW_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def tw_id(value: str) -> bool:
    """A Taiwanese identity number, ``A123456789``: letter for the place, sex, mod 10 by weights."""
    number = _compact(value)
    if not re.fullmatch(r"[A-Z][1289]\d{8}", number, re.ASCII):
        return False
    place = _TW_LETTERS.index(number[0]) + 10
    digits = [place // 10, place % 10, *(int(digit) for digit in number[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 10 == 0


def sg_nric(value: str) -> bool:
    """A Singaporean NRIC or FIN, ``S1234567D``: check letter by mod 11, series S, T, F, G and M."""
    number = _compact(value)
    if not re.fullmatch(r"[STFGM]\d{7}[A-Z]", number, re.ASCII):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    total += {"T": 4, "G": 4, "M": 3}.get(number[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "KLJNPQRTUWX"}.get(number[0], "XWUTRQPNMLK")
    place = total % 11
    return number[8] == (letters[10 - place] if number[0] == "M" else letters[place])


_VIN_VALUES = {**{str(d): d for d in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True))}
_VIN_VALUES |= {"J": 1, "K": 2, "L": 3, "M": 4, "N": 5, "P": 7, "R": 9}
_VIN_VALUES |= dict(zip("STUVWXYZ", range(2, 10), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(value: str) -> bool:
    """A vehicle identification number of 17 places with its check digit (49 CFR 565.15; not used in Europe)."""
    number = _compact(value)
    if len(number) != 17 or any(char not in _VIN_VALUES for char in number):
        return False
    total = sum(_VIN_VALUES[char] * weight for char, weight in zip(number, _VIN_WEIGHTS, strict=True))
    return number[8] == "0123456789X"[total % 11]


def ip_address(value: str) -> bool:
    """An IPv4 or IPv6 address, with or without the prefix length of its network."""
    try:
        ipaddress.ip_interface(value)
    except ValueError:
        return False
    return True

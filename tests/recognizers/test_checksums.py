"""Checks prove real numbers, refuse altered ones, and never raise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.recognizers import checksums

# Public examples of standards and issuers, or made by the rule of the check.
VALID = {
    "at_vnr": "1237 010180",
    "au_tfn": "123 456 782",
    "be_nn": "85.07.30-033 28",
    "bg_egn": "752316 926 3",
    "bic": "DEUTDEFF500",
    "bitcoin_address": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "br_cnpj": "16.727.230/0001-97",
    "br_cpf": "390.533.447-05",
    "ca_sin": "123-456-782",
    "ch_ssn": "756.9217.0769.85",
    "cl_rut": "12.531.909-2",
    "cn_credit_code": "91110000600037341L",
    "cn_resident_id": "11010519491231002X",
    "cz_rc": "710319/2745",
    "de_idnr": "36 574 261 809",
    "dk_cpr": "211062-5629",
    "es_dni": "54362315-K",
    "es_nie": "x-2482300w",
    "eu_vat": "DE 136,695 976",
    "fi_hetu": "131052-308T",
    "fr_nir": "2 95 10 99 126 111 93",
    "gb_nhs": "943-476-5870",
    "gb_utr": "1955839661",
    "hk_id": "A123456(3)",
    "hr_oib": "33392005961",
    "iban": "GR16 0110 1050 0000 1054 7023 795",
    "ie_pps": "6433435F",
    "il_idnr": "3933742-3",
    "imei": "49-015420-323751-8",
    "in_aadhaar": "234123412346",
    "in_pan": "ACUPA7085R",
    "ip_address": "2001:db8::1",
    "isin": "US0378331005",
    "it_codicefiscale": "RCCMNL83S18D969H",
    "kr_rrn": "971013-9019902",
    "lei": "213800KUD8LAJWSQ9D15",
    "luhn": "7894 9",
    "mac": "D0-50-99-84-A2-A0",
    "mx_curp": "BOXW310820HNERXN09",
    "mx_rfc": "GODE561231GR8",
    "nl_bsn": "1112.22.333",
    "no_fodselsnummer": "151086 95088",
    "nz_ird": "49091850",
    "payment_card": "4539 1488 0343 6467",
    "pl_nip": "856-734-62-15",
    "pl_pesel": "44051401359",
    "pt_nif": "501 964 843",
    "ro_cnp": "1630615123457",
    "ru_inn": "123456789047",
    "se_personnummer": "880320-0016",
    "sg_nric": "S1234567D",
    "th_pin": "3100600445635",
    "tr_tckimlik": "17291716060",
    "tw_id": "A123456789",
    "us_ein": "91-1144442",
    "us_itin": "912-90-3456",
    "us_routing": "111000025",
    "us_ssn": "536-90-4399",
    "vin": "1M8GDM9AXKP042788",
    "za_idnr": "7503305044089",
}


def test_every_check_has_a_number_that_it_proves() -> None:
    assert sorted(VALID) == sorted(checksums.__all__)


@pytest.mark.parametrize(("name", "value"), VALID.items())
def test_a_valid_number_is_proved(name: str, value: str) -> None:
    assert getattr(checksums, name)(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("luhn", "7894"),
        ("luhn", "0000 0000"),
        ("luhn", "no digits"),
        ("payment_card", "4539 1488 0343 6468"),
        ("payment_card", "0539 1488 0343 6467"),
        ("imei", "490154203237519"),
        ("cn_resident_id", "110105194912310021"),
        ("cn_resident_id", "11010519491331002X"),
        ("cn_resident_id", "110105491231002"),
        ("hk_id", "A123456(4)"),
        ("hk_id", "123456"),
        ("tw_id", "A123456788"),
        ("tw_id", "A723456789"),
        ("sg_nric", "S1234567A"),
        ("sg_nric", "X1234567D"),
        ("vin", "1M8GDM9A1KP042788"),
        ("vin", "IM8GDM9AXKP042788"),
        ("iban", "GR16 0110 1050 0000 1054 7023 796"),
        ("ip_address", "256.1.1.1"),
    ],
)
def test_an_altered_number_is_refused(name: str, value: str) -> None:
    assert not getattr(checksums, name)(value)


def test_the_series_of_singapore_have_letters_of_their_own() -> None:
    assert checksums.sg_nric("G1234567X")
    assert checksums.sg_nric("T1234567J")
    assert checksums.sg_nric("M1234567K")


def test_a_hong_kong_card_may_have_two_letters_and_the_check_digit_a() -> None:
    proved = [f"AB98765{digit}({check})" for digit in "0123456789" for check in "0123456789A"]

    assert sum(map(checksums.hk_id, proved)) == 10


@pytest.mark.parametrize("name", checksums.__all__)
@given(value=st.text(max_size=24) | st.from_regex(r"[0-9A-Z .()/-]{0,20}", fullmatch=True))
def test_no_check_raises(name: str, value: str) -> None:
    assert getattr(checksums, name)(value) in (True, False)

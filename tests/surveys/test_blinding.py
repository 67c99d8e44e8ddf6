"""Blind signing does what RFC 9474 says, by its own numbers."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicNumbers,
    generate_private_key,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
)

from surveys.rights import blinding
from surveys.rights.blinding import SigningFault, blind_sign, is_signed
from tests.blinding import blind, finalize

# Appendix A.1, RSABSSA-SHA384-PSS-Randomized.
VECTOR = json.loads((Path(__file__).parent / "rfc9474.json").read_text())


def number(name: str) -> int:
    return int(VECTOR[name], 16)


def raw(name: str) -> bytes:
    return bytes.fromhex(VECTOR[name])


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    p, q, e = number("p"), number("q"), number("e")
    d = pow(e, -1, (p - 1) * (q - 1))
    public = RSAPublicNumbers(e, number("n"))
    return RSAPrivateNumbers(
        p, q, d, rsa_crt_dmp1(d, p), rsa_crt_dmq1(d, q), rsa_crt_iqmp(p, q), public
    ).private_key()


def test_the_blind_signature_of_the_rfc_comes_out(key: RSAPrivateKey) -> None:
    assert blind_sign(key, raw("blinded_msg")) == raw("blind_sig")


def test_the_blinded_message_of_the_rfc_comes_out(key: RSAPrivateKey) -> None:
    assert raw("msg_prefix") + raw("msg") == raw("input_msg")
    made = blind(key.public_key(), raw("input_msg"), salt=raw("salt"), inverse=number("inv"))
    assert made.blinded == raw("blinded_msg")
    assert finalize(key.public_key(), made, raw("blind_sig")) == raw("sig")


def test_the_signature_of_the_rfc_is_accepted_and_no_other(key: RSAPrivateKey) -> None:
    public = key.public_key()
    assert is_signed(public, raw("input_msg"), raw("sig"))
    assert not is_signed(public, raw("msg"), raw("sig"))
    assert not is_signed(public, raw("input_msg"), raw("blind_sig"))
    assert not is_signed(public, raw("input_msg"), raw("sig")[:-1])
    assert not is_signed(public, raw("input_msg"), b"")


def test_a_message_that_is_no_number_below_the_modulus_is_not_signed(key: RSAPrivateKey) -> None:
    size = len(raw("n"))
    for wrong in (raw("n"), b"\xff" * size, bytes(size), bytes(size - 1) + b"\x01"):
        with pytest.raises(ValueError, match="below the modulus"):
            blind_sign(key, wrong)
    for wrong in (b"", raw("blinded_msg")[1:], b"\0" + raw("blinded_msg")):
        with pytest.raises(ValueError, match="as long as the key"):
            blind_sign(key, wrong)


def test_what_the_private_key_works_on_is_never_the_sent_number(
    key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_on = []
    power = blinding._power

    def listen(numbers: RSAPrivateNumbers, sent: int) -> int:
        worked_on.append(sent)
        return power(numbers, sent)

    monkeypatch.setattr(blinding, "_power", listen)
    for _time in range(3):
        assert blind_sign(key, raw("blinded_msg")) == raw("blind_sig")
    assert len({number("blinded_msg"), *worked_on}) == 4


def test_a_wrong_result_does_not_leave_the_house(
    key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One wrong half of the power is enough to compute the key from (Boneh, DeMillo, Lipton 1997).
    power = blinding._power
    monkeypatch.setattr(blinding, "_power", lambda numbers, sent: power(numbers, sent) + numbers.p)
    with pytest.raises(SigningFault):
        blind_sign(key, raw("blinded_msg"))


def test_a_signature_by_another_key_is_none() -> None:
    one, other = (generate_private_key(65537, 2048) for _key in range(2))
    made = blind(one.public_key())
    signature = finalize(one.public_key(), made, blind_sign(one, made.blinded))
    assert is_signed(one.public_key(), made.message, signature)
    assert not is_signed(other.public_key(), made.message, signature)

"""Every cryptographic choice of the vault, on one screen, with its reason.

Nothing here is home-made: AES-256-GCM and HKDF-SHA256 come from `cryptography`,
HMAC-SHA256 from the standard library. docs/spec/vault-v1.md draws the key
hierarchy; the labels below are part of the format and never change within it.

    master key                       key file, keyring, or Argon2id of a passphrase
      ├─ HKDF "master header"  ───►  HMAC proof that the key opens this header
      ├─ HKDF "master seal"    ───►  AES-GCM of scope names and of the index secret
      └─ HKDF "master wrap"    ───►  AES-GCM wrap of one random data key per scope
    index secret (random, sealed)──► HMAC blind index of scope names
    data key (random, one a scope, destroyed to forget the scope)
      ├─ HKDF "scope seal"     ───►  AES-GCM of values, tags and privacy types
      ├─ HKDF "scope index"    ───►  HMAC blind index of values, tags, types
      └─ HKDF "scope counter"  ───►  HMAC over the counters that number placeholders
"""

from __future__ import annotations

import base64
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from memveil.errors import Tampered

__all__ = [
    "CHUNK_OVERHEAD",
    "KEY_SIZE",
    "ChunkCipher",
    "MasterKeys",
    "NameIndex",
    "ScopeKeys",
    "bind",
    "decode",
    "encode",
    "export_proof",
    "from_text",
    "new_key",
    "new_uid",
    "pad",
    "same",
    "to_text",
    "unpad",
]

KEY_SIZE = 32
"""Bytes of every key: AES-256, and the output size of HMAC-SHA256."""

# 96 bits is the nonce AES-GCM was made for. Random nonces are safe up to 2**32
# messages under one key (NIST SP 800-38D, 8.3); a key here seals one message per
# stored value of one scope, so a counter of nonces that two processes would have
# to share is not worth its danger.
_NONCE_SIZE = 12
_TAG_SIZE = 16
CHUNK_OVERHEAD = _TAG_SIZE
"""Bytes that sealing adds to a chunk of an export."""

# 128 bits of an HMAC: a collision among 2**32 values of a scope has probability
# 2**-65, and every hit is compared with the decrypted value anyway.
_INDEX_SIZE = 16
# Values are padded to multiples of this, so that a length says little.
_PADDING = 32
_LABEL = b"memveil vault v1 "


def new_key() -> bytes:
    """A random key from the operating system."""
    return os.urandom(KEY_SIZE)


def new_uid() -> bytes:
    """A random identity of a vault or a scope: 16 bytes, never used twice."""
    return os.urandom(16)


def bind(*parts: bytes) -> bytes:
    """Join parts so that no two different lists give the same bytes (4-byte big-endian lengths)."""
    return b"".join([piece for part in parts for piece in (len(part).to_bytes(4, "big"), part)])


def encode(text: str) -> bytes:
    """UTF-8 of any ``str``, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


def decode(data: bytes) -> str:
    """The way back of :func:`encode`; raises ``Tampered`` where it is none."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise Tampered("a stored text is not UTF-8") from None


def pad(data: bytes) -> bytes:
    """ISO/IEC 7816-4 padding: one 0x80, then zeros up to a multiple of 32 bytes."""
    return data + b"\x80" + bytes(-(len(data) + 1) % _PADDING)


def unpad(data: bytes) -> bytes:
    """Undo :func:`pad`."""
    body, mark, zeros = data.rpartition(b"\x80")
    if not mark or zeros.strip(b"\0"):
        raise Tampered("a stored value has no valid padding")
    return body


def derive(key: bytes, *, salt: bytes, label: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869): one independent key per label, so that no key has two uses."""
    return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=salt, info=_LABEL + label).derive(key)


def mac(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) over the bound parts."""
    return hmac.digest(key, bind(*parts), "sha256")


class Sealer:
    """AES-256-GCM with a random nonce in front: nonce (12) | ciphertext | tag (16)."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, data: bytes, *bound: bytes) -> bytes:
        """Encrypt ``data``; it opens only beside the same ``bound`` parts."""
        nonce = os.urandom(_NONCE_SIZE)
        return nonce + self._aead.encrypt(nonce, data, bind(*bound))

    def open(self, sealed: bytes, *bound: bytes) -> bytes:
        """Decrypt; raises ``Tampered`` where a byte or a bound part differs."""
        if len(sealed) < _NONCE_SIZE + _TAG_SIZE:
            raise Tampered("a sealed field is too short")
        try:
            return self._aead.decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], bind(*bound))
        except InvalidTag:
            raise Tampered("a sealed field fails its authentication") from None


class MasterKeys:
    """What the master key of one vault derives. The repr shows nothing."""

    __slots__ = ("_header", "_seal", "_uid", "_wrap")

    def __init__(self, master: bytes, vault_uid: bytes) -> None:
        self._uid = vault_uid
        self._header = derive(master, salt=vault_uid, label=b"master header")
        self._seal = Sealer(derive(master, salt=vault_uid, label=b"master seal"))
        self._wrap = Sealer(derive(master, salt=vault_uid, label=b"master wrap"))

    def proof(self, header: bytes) -> bytes:
        """HMAC over the header. It commits to the key, which a GCM tag would not."""
        return mac(self._header, b"header", header)

    def proves(self, header: bytes, proof: bytes) -> bool:
        """Whether ``proof`` is the proof of ``header``, in constant time."""
        return hmac.compare_digest(self.proof(header), proof)

    def seal_secret(self, secret: bytes) -> bytes:
        """Seal the index secret of the vault."""
        return self._seal.seal(secret, b"index secret", self._uid)

    def open_secret(self, sealed: bytes) -> bytes:
        """Undo :meth:`seal_secret`."""
        return self._seal.open(sealed, b"index secret", self._uid)

    def seal_name(self, name: str, scope_uid: bytes) -> bytes:
        """Seal the name of a scope, padded."""
        return self._seal.seal(pad(encode(name)), b"scope name", self._uid, scope_uid)

    def open_name(self, sealed: bytes, scope_uid: bytes) -> str:
        """Undo :meth:`seal_name`."""
        return decode(unpad(self._seal.open(sealed, b"scope name", self._uid, scope_uid)))

    def wrap(self, data_key: bytes, scope_uid: bytes) -> bytes:
        """Wrap the data key of a scope; it unwraps only for this vault and scope."""
        return self._wrap.seal(data_key, b"data key", self._uid, scope_uid)

    def unwrap(self, wrapped: bytes, scope_uid: bytes) -> bytes:
        """Undo :meth:`wrap`."""
        return self._wrap.open(wrapped, b"data key", self._uid, scope_uid)


class NameIndex:
    """Blind index of scope names: it finds a scope without decrypting every name.

    Its secret outlives a change of the master key, because the names of forgotten
    scopes are known by their index alone and could not be indexed again.
    """

    __slots__ = ("_key",)

    def __init__(self, secret: bytes) -> None:
        self._key = secret

    def index(self, name: str) -> bytes:
        """Keyed hash of a scope name, 16 bytes."""
        return mac(self._key, b"scope name", encode(name))[:_INDEX_SIZE]

    def seal_state(self, index: bytes, floor: int, *, alive: bool) -> bytes:
        """HMAC over the row that remembers a name: its highest number, and whether it lives."""
        return mac(self._key, b"name state", index, _number(floor), b"\x01" if alive else b"\x00")


class ScopeKeys:
    """What one data key derives. All that a scope stores passes through here."""

    __slots__ = ("_counter", "_index", "_seal", "_uid")

    def __init__(self, data_key: bytes, scope_uid: bytes) -> None:
        self._uid = scope_uid
        self._seal = Sealer(derive(data_key, salt=scope_uid, label=b"scope seal"))
        self._index = derive(data_key, salt=scope_uid, label=b"scope index")
        self._counter = derive(data_key, salt=scope_uid, label=b"scope counter")

    def value_index(self, tag: str, privacy_type: str, value: str) -> bytes:
        """Blind index of a value: equal (tag, type, value) in this scope, equal index."""
        return mac(self._index, b"value", encode(tag), encode(privacy_type), encode(value))[:_INDEX_SIZE]

    def label_index(self, label: str) -> bytes:
        """Blind index of a tag's or a kind's name."""
        return mac(self._index, b"label", encode(label))[:_INDEX_SIZE]

    def seal_label(self, label: str) -> bytes:
        """Seal a name of the scope's own vocabulary, padded."""
        return self._seal.seal(pad(encode(label)), b"label", self._uid)

    def open_label(self, sealed: bytes) -> str:
        """Undo :meth:`seal_label`."""
        return decode(unpad(self._seal.open(sealed, b"label", self._uid)))

    def seal_value(self, value: str, *, placeholder: str, privacy_type: str, level: int, position: int) -> bytes:
        """Seal a value where it stands: scope, placeholder, type, level and position are bound."""
        bound = (
            b"value",
            self._uid,
            encode(placeholder),
            encode(privacy_type),
            bytes((level,)),
            _number(position),
        )
        return self._seal.seal(pad(encode(value)), *bound)

    def open_value(self, sealed: bytes, *, placeholder: str, privacy_type: str, level: int, position: int) -> str:
        """Undo :meth:`seal_value`."""
        bound = (
            b"value",
            self._uid,
            encode(placeholder),
            encode(privacy_type),
            bytes((level,)),
            _number(position),
        )
        return decode(unpad(self._seal.open(sealed, *bound)))

    def count(self, label: str, value: int) -> bytes:
        """HMAC over a counter: no nonce, so it can be renewed without limit.

        A counter set back would give a number twice.
        """
        return mac(self._counter, b"counter", self._uid, encode(label), _number(value))

    def counts(self, label: str, value: int, proof: bytes) -> bool:
        """Whether ``proof`` belongs to this counter at this value, in constant time."""
        return hmac.compare_digest(self.count(label, value), proof)


class ChunkCipher:
    """AES-256-GCM of a stream in chunks, as age does it (STREAM; Hoang et al. 2015).

    The nonce counts the chunks and marks the last one, so that chunks cannot be
    reordered, repeated or cut off. The key is fresh for each file: counting is safe.
    """

    __slots__ = ("_aead", "_count", "_header")

    def __init__(self, key: bytes, *, salt: bytes, header: bytes) -> None:
        self._aead = AESGCM(derive(key, salt=salt, label=b"export chunks"))
        self._header = bind(b"export", header)
        self._count = 0

    def seal(self, chunk: bytes, *, last: bool) -> bytes:
        """Encrypt the next chunk."""
        return self._aead.encrypt(self._nonce(last), chunk, self._header)

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        """Decrypt the next chunk; raises ``Tampered``, for a wrong key too."""
        try:
            return self._aead.decrypt(self._nonce(last), sealed, self._header)
        except InvalidTag:
            raise Tampered("a chunk of the export fails its authentication") from None

    def _nonce(self, last: bool) -> bytes:
        nonce = self._count.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
        self._count += 1
        return nonce


def export_proof(key: bytes, *, salt: bytes, header: bytes) -> bytes:
    """HMAC over an export's header: tells a wrong passphrase from a damaged file, and commits to the key."""
    return mac(derive(key, salt=salt, label=b"export header"), b"export", header)


def same(left: bytes, right: bytes) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(left, right)


def to_text(data: bytes) -> str:
    """Base64 of stored bytes inside a JSON header."""
    return base64.b64encode(data).decode("ascii")


def from_text(text: str) -> bytes:
    """Undo :func:`to_text`; raises ``ValueError``."""
    return base64.b64decode(text, validate=True)


def _number(number: int) -> bytes:
    return number.to_bytes(8, "big")

"""Functions that hide the value they are given: OpenLineage's ``masking`` flag (column lineage facet, 1-2-0)."""

from __future__ import annotations

from sqlglot import exp

_TYPES: tuple[type[exp.Expr], ...] = tuple(
    kind
    for name in (
        "MD5",
        "MD5Digest",
        "MD5NumberLower64",
        "MD5NumberUpper64",
        "SHA",
        "SHA1Digest",
        "SHA2",
        "SHA2Digest",
        "StandardHash",
        "FarmFingerprint",
    )
    if isinstance(kind := getattr(exp, name, None), type)
)
_NAMES = frozenset(
    "hash hash_agg hashbytes hmac hmac_sha256 crc32 xxhash32 xxhash64 xxhash cityhash64 siphash64 murmurhash3_32 farmhash64 "
    "fnv_hash md5 md5_hex md5_binary sha sha1 sha1_hex sha2 sha2_hex sha224 sha256 sha384 sha512 standard_hash ora_hash "
    "checksum binary_checksum digest crypt encrypt encryptbykey aes_encrypt mask mask_first_n mask_last_n mask_hash "
    "mask_show_first_n mask_show_last_n anonymize tokenize redact".split()
)


def masks(function: exp.Func) -> bool:
    """Whether the result no longer shows its argument: ``sha2(email, 256)``, ``md5(ssn)``, ``mask(name)``."""
    if isinstance(function, _TYPES):
        return True
    return isinstance(function, exp.Anonymous) and function.name.lower() in _NAMES

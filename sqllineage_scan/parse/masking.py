"""Functions that hide the value they are given: OpenLineage's ``masking`` flag (column lineage facet, 1-2-0)."""

from __future__ import annotations

import re

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
        "HashAgg",
        "Encrypt",
        "EncryptRaw",
        "DeterministicEncrypt",
        "CityHash64",
        "XxHash64",
    )
    if isinstance(kind := getattr(exp, name, None), type)
)
_NAMES = frozenset(
    # hashes
    "hash hash_agg hashbytes hmac hmac_md5 hmac_sha1 hmac_sha256 hmac_sha512 crc32 crc64 xxhash md5 md5_hex md5_binary "
    "md5_number md5_number_lower md5_number_upper halfmd5 sha sha1 sha1_hex sha1_binary sha2 sha2_hex sha2_binary sha3 "
    "sha224 sha256 sha384 sha512 sha512_256 blake3 keccak256 murmur3 spooky_hash_v2_32 spooky_hash_v2_64 standard_hash ora_hash "
    "fnv_hash hashtext hashtextextended checksum binary_checksum digest func_sha1 feature_hash "
    # encryption
    "crypt encrypt encrypt_raw encrypt_iv aes_encrypt aes_encrypt_mysql des_encrypt encryptbykey encryptbypassphrase "
    "encryptbycert encryptbyasymkey pwdencrypt password old_password pgp_sym_encrypt pgp_sym_encrypt_bytea pgp_pub_encrypt "
    "pgp_pub_encrypt_bytea deterministic_encrypt vector_encrypt "
    # masks
    "mask mask_first_n mask_last_n mask_hash mask_show_first_n mask_show_last_n mask_inner mask_outer mask_pan mask_pan_relaxed "
    "mask_ssn mask_iban mask_uuid mask_canada_sin mask_uk_nin anonymize tokenize redact".split()
)
_HASH = re.compile(
    r"(?:city|sip|xx|farm|metro|java|java_?utf16le|hive|kafkamurmur|url|wy|int|murmur|gccmurmur)hash[\d_]*(?:keyed|k)?$",
    re.IGNORECASE,
)
_OWNERS = frozenset({"anon"})  # the extension "PostgreSQL Anonymizer": anon.partial(a, 1, 'x', 2)


def masks(function: exp.Func) -> bool:
    """Whether the result no longer shows its argument: ``sha2(email, 256)``, ``md5(ssn)``, ``mask(name)``."""
    if isinstance(function, _TYPES):
        return True
    if not isinstance(function, exp.Anonymous):
        return False
    name = function.name.lower()
    owner = function.parent.this.name.lower() if isinstance(function.parent, exp.Dot) else ""
    return name in _NAMES or owner in _OWNERS or _HASH.match(name) is not None

"""The contract of every engine, on tables in an S3-compatible store."""

import itertools

import pytest

from ..engine.test_contract import *  # noqa: F403

pytestmark = pytest.mark.scale
_numbers = itertools.count()


@pytest.fixture
def place(store):
    """A URI in the store where nothing has been published."""
    return f"lance+s3://indexes/index-{next(_numbers)}?endpoint={store}"


def test_the_store_refuses_to_overwrite_what_must_not_exist(store):
    """LanceDB's writers meet without a lock only where a store knows If-None-Match."""
    from pyarrow import fs

    s3 = fs.S3FileSystem(endpoint_override=store, region="us-east-1")
    assert s3.get_file_info("indexes/ready").is_file
    request = conditional_put(store, "/indexes/ready")
    assert request == 412


def conditional_put(address, path):
    """The status of a PUT with If-None-Match: *, signed by AWS Signature Version 4."""
    import datetime
    import hashlib
    import hmac
    import http.client

    from .conftest import KEYS

    host, now = address.removeprefix("http://"), datetime.datetime.now(datetime.UTC)
    stamp, day, body = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d"), b"again"
    digest = hashlib.sha256(body).hexdigest()
    signed = {"host": host, "if-none-match": "*", "x-amz-content-sha256": digest, "x-amz-date": stamp}
    names = ";".join(signed)
    canonical = "\n".join(["PUT", path, "", *(f"{k}:{v}" for k, v in signed.items()), "", names, digest])
    scope = f"{day}/us-east-1/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{KEYS['AWS_SECRET_ACCESS_KEY']}".encode()
    for part in (day, "us-east-1", "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={KEYS['AWS_ACCESS_KEY_ID']}/{scope}"
    signed["authorization"] = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        connection.request("PUT", path, body=body, headers=signed)
        return connection.getresponse().status
    finally:
        connection.close()

from __future__ import annotations

from memveil.wire.openai_errors import error_body


def test_errors_have_the_shape_of_the_api() -> None:
    assert error_body(400, "m") == {
        "error": {"message": "m", "type": "invalid_request_error", "param": None, "code": "memveil"}
    }
    assert error_body(502, "m")["error"] == {"message": "m", "type": "server_error", "param": None, "code": "memveil"}

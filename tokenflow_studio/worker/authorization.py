"""The bearer token: no call is served without it, health checks included."""

import hmac
from collections.abc import Callable
from typing import Any

import grpc


class TokenInterceptor(grpc.ServerInterceptor):
    """Refuses every call that does not carry the token of this worker."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()
        self._refusal = grpc.unary_unary_rpc_method_handler(_refuse)

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Any],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """The method that was called, or one that refuses."""
        metadata = dict(handler_call_details.invocation_metadata)
        given = metadata.get("authorization", "")
        given = given if isinstance(given, bytes) else given.encode()
        if hmac.compare_digest(given, self._expected):
            return continuation(handler_call_details)
        return self._refusal


def _refuse(request: object, context: grpc.ServicerContext) -> None:
    context.abort(grpc.StatusCode.UNAUTHENTICATED, "This worker belongs to another program.")

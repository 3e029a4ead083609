"""If-Match: a write that was meant for another state of the resource does nothing."""

from common.errors import DomainError


class PreconditionFailed(DomainError):
    """The resource is not (any more) what the caller saw."""

    code = "precondition_failed"


def check_if_match(if_match: str | None, current: str | None) -> None:
    """Compare the header with the resource's ETag (None: there is no resource yet).

    Raises:
        PreconditionFailed
    """
    if if_match is None:
        return
    wanted = {tag.strip().removeprefix("W/") for tag in if_match.split(",")}
    if current is None or not (wanted & {current, "*"}):
        raise PreconditionFailed

# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place that uses ``requests``: pooled connections, no redirects, no login from ~/.netrc."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

try:
    import requests
    from requests.adapters import HTTPAdapter
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True
    HOPELESS = (requests.exceptions.SSLError, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)

from .._core.errors import InvalidInput
from .._core.retry import Answer
from .settings import Settings


def path_of(*segments: str) -> str:
    """A path in which every segment is percent-encoded, so that no id or e-mail can reach out of its place.

    An empty one and dots would be taken for another place all the same, so they are refused.
    """
    if not {"", ".", ".."}.isdisjoint(segments):
        raise InvalidInput(f"{next(each for each in segments if each in ('', '.', '..'))!r} can't be an id.")
    return "/" + "/".join(quote(segment, safe="") for segment in segments)


class Http:
    """Exchanges one request for one answer. Usable by several threads at once."""

    def __init__(self, settings: Settings) -> None:
        self._timeout = settings.timeout
        self._session = requests.Session()
        self._api = self._way(settings.api_url, settings.verify)
        self._login = self._way(settings.token_url, settings.verify)
        self._session.trust_env = False
        adapter = HTTPAdapter(pool_connections=2, pool_maxsize=settings.concurrency, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._session.headers.update({"User-Agent": "identityops.dynatrace", "Accept": "application/json"})

    def _way(self, url: str, verify: bool | str) -> Mapping[str, Any]:
        """Proxies and certificates as the environment says; asked once, since asking takes time."""
        return self._session.merge_environment_settings(url, {}, None, verify, None)

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def exchange(
        self,
        method: str,
        url: str,
        login: str | None = None,
        query: Iterable[tuple[str, str]] = (),
        body: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request; a broken connection is an answer, too. No redirect is followed: it could carry secrets.

        ``login`` is the value of ``Authorization``.
        """
        try:
            response = self._session.request(
                method,
                url,
                params=list(query),
                json=body,
                data=form,
                headers=headers,
                auth=_signed(login),
                timeout=self._timeout,
                allow_redirects=False,
                **(self._api if form is None else self._login),
            )
        except requests.exceptions.RequestException as error:
            return Answer(
                None,
                {},
                reason=_reason(error, urlsplit(url).hostname or url),
                reached=not _never_sent(error),
                hopeless=isinstance(error, HOPELESS),
            )
        return Answer(response.status_code, response.headers, response.text, response.reason or "")


def _signed(login: str | None) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    """Sets the header itself: without any ``auth``, requests would look for a login in ~/.netrc."""

    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        if login is not None:
            request.headers["Authorization"] = login
        return request

    return sign


def _root_cause(error: BaseException) -> BaseException:
    """The innermost exception: requests wraps urllib3's, which wraps the system's."""
    inner = getattr(error, "reason", None) or next((arg for arg in error.args if isinstance(arg, BaseException)), None)
    return _root_cause(inner) if isinstance(inner, BaseException) else error


def _never_sent(error: requests.exceptions.RequestException) -> bool:
    """Whether no connection came about, so that the request can't have had any effect."""
    cause = _root_cause(error)
    return isinstance(error, requests.exceptions.ConnectTimeout) or type(cause).__name__ in (
        "NewConnectionError",
        "NameResolutionError",
        "ConnectTimeoutError",
        "ConnectionRefusedError",
        "gaierror",
    )


def _reason(error: requests.exceptions.RequestException, host: str) -> str:
    """In a few words; of the URL only the host: the rest could hold what a user pasted into it."""
    if isinstance(error, requests.exceptions.Timeout):
        return f"no answer from {host} in time"
    if isinstance(error, requests.exceptions.SSLError):
        return f"the TLS certificate of {host} can't be verified; see ca_path and validate_certs"
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy refuses to connect to {host}"
    if _never_sent(error):
        return f"no connection to {host}, is the address right?"
    return f"the connection to {host} broke"

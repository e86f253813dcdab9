"""One HTTPS request to a robot's address, with nothing left to chance: no redirect, no private network, no long wait.

Nothing of the address goes into an error: it is a secret.
"""

import ipaddress
import json
import socket
import time
from urllib.parse import urlsplit

import urllib3

TIMEOUT = 5.0
"""Seconds for connecting, for the answer to begin, and for the whole of it."""
LARGEST = 64 * 1024


class RobotError(Exception):
    """The message was not taken; the text says why, without the address."""


def check(address, plain_http=False):
    """:raises RobotError: the address is none that a message may be sent to"""
    try:
        parts = urlsplit(address or "")
        port = parts.port
    except ValueError:
        raise RobotError("the address is malformed") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and plain_http):
        raise RobotError("the address does not begin with https://")
    if not parts.hostname or parts.username or parts.password:
        raise RobotError("the address names no host, or a login")
    return parts, port or (443 if parts.scheme == "https" else 80)


def resolve(host, port, allowed=()):
    """:return: an address of the host that is public, or any if the host is expressly allowed

    :raises RobotError: the host is unknown, or leads into a private network
    """
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise RobotError("the host is unknown") from None
    for text in found:
        ip = ipaddress.ip_address(text.partition("%")[0])
        ip = getattr(ip, "ipv4_mapped", None) or ip
        if host not in allowed and (not ip.is_global or ip.is_multicast):
            raise RobotError("the host is in a private network, and not among those that are allowed")
    return found[0]


def post(address, message, allowed=(), plain_http=False, timeout=TIMEOUT):
    """Send the message and return the body of the answer.

    The connection goes to the very address that was checked, whatever the name leads to a moment later; the name is
    what the certificate is checked against.

    :param allowed: hosts that may be in a private network
    :raises RobotError: no connection, no answer in time, or a status other than 200
    """
    parts, port = check(address, plain_http)
    host = parts.hostname
    ip = resolve(host, port, allowed)
    limits = urllib3.Timeout(connect=timeout, read=timeout)
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            ip, port, timeout=limits, maxsize=1, cert_reqs="CERT_REQUIRED", assert_hostname=host, server_hostname=host
        )
    else:
        pool = urllib3.HTTPConnectionPool(ip, port, timeout=limits, maxsize=1)
    target = parts.path or "/"
    with pool:
        deadline = time.monotonic() + timeout
        try:
            response = pool.urlopen(
                "POST",
                f"{target}?{parts.query}" if parts.query else target,
                body=json.dumps(message, ensure_ascii=False).encode(),
                headers={"Host": parts.netloc, "Content-Type": "application/json; charset=utf-8"},
                redirect=False,
                retries=False,
                preload_content=False,
                assert_same_host=False,
            )
            with response:
                answer = b""
                while len(answer) < LARGEST and (piece := response.read1(4096)):
                    answer += piece
                    if time.monotonic() > deadline:
                        raise RobotError("no answer in time")
        except urllib3.exceptions.NewConnectionError:  # refused; a kind of time-out to urllib3
            raise RobotError("no connection") from None
        except urllib3.exceptions.TimeoutError:
            raise RobotError("no answer in time") from None
        except urllib3.exceptions.SSLError:
            raise RobotError("the host's certificate is not valid") from None
        except (urllib3.exceptions.HTTPError, OSError):
            raise RobotError("no connection") from None
    if response.status != 200:
        raise RobotError(f"the host answered with status {response.status}")
    return answer

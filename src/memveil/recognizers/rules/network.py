"""Rules: addresses of machines, networks, pages of a person, and ways into an internal network."""

from __future__ import annotations

import ipaddress
import re

from memveil.recognizers.checksums import ip_address
from memveil.recognizers.cues import LINK, cue_then_value, value_then_cue, words
from memveil.recognizers.patterns import Pattern

__all__ = ["PATTERNS"]

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = rf"\d(?<![\d.A-Za-z_@\-].)(?<!version .)(?<!release .)(?<!ver .)(?<!版本.)(?<!版本 .)(?<!版本号.)(?:(?<=2)5[0-5]|(?<=2)[0-4]\d|(?<=1)\d\d|(?<=[1-9])\d|)(?:\.{_OCTET}){{3}}(?![\d]|\.\d|-\d|/[a-z])(?!(?<=\.0)/\d)"
_IPV6 = r"(?<![0-9A-Za-z:.])(?:[0-9a-f]{1,4}:{1,2}){2,7}[0-9a-f]{1,4}(?:/\d{1,3})?(?![0-9A-Za-z:])"
_DOTTED = tuple(f".{digit}" for digit in range(10))
_INTERNAL_WORDS = words(
    "internal, intranet, lan, local ip, private ip, office network, corporate network, company network, "
    "内网, 内部, 局域网, 办公网, 办公室网络, 公司网络, 专网, 网关地址, 路由器登录"
)


_PUBLIC = (
    "azure.com",
    "amazon.com",
    "aws.com",
    "google.com",
    "microsoft.com",
    "apple.com",
    "gov",
    "gov.cn",
    "gov.uk",
    "edu",
)


def _is_own_host(value: str) -> bool:
    host = value.partition("://")[2] or value
    name = host.partition("/")[0].partition(":")[0].lower()
    return name.count(".") >= 2 and not name.endswith(_PUBLIC)


def _address(value: str) -> ipaddress.IPv6Address | None:
    return ipaddress.IPv6Interface(value).ip if ip_address(value) else None


def _is_host(value: str) -> bool:
    """An address of some machine: no loopback, no mask, no group."""
    if ":" not in value:
        return _NO_HOST.match(value) is None
    address = _address(value)
    return address is not None and not (address.is_loopback or address.is_unspecified or address.is_multicast)


def _is_private_host(value: str) -> bool:
    """An address of a range that is never routed outside (RFC 1918, 3927, 4193, 6598)."""
    if ":" not in value:
        return _PRIVATE.match(value) is not None
    address = _address(value)
    return address is not None and any(address in network for network in _PRIVATE_V6)


_NO_HOST = re.compile(r"0\.|127\.|22[4-9]\.|2[3-5]\d\.")
_PRIVATE = re.compile(
    r"10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\."
)
_PRIVATE_V6 = (ipaddress.IPv6Network("fc00::/7"), ipaddress.IPv6Network("fe80::/10"))

_IP = (
    Pattern(
        name="ip.v4",
        privacy_type="IP Address",
        regex=rf"(?P<value>{_IPV4})",
        keywords=_DOTTED,
        reach=4,
        validate=_is_host,
        score=0.9,
        examples=(("I am on IP 203.0.113.9, at home", "203.0.113.9"), ("地址是203.0.113.9这台", "203.0.113.9")),
        counterexamples=("bind 127.0.0.1", "version 10.2.3", "mask 255.255.255.0", "ratio 1.2.3.4.5"),
    ),
    Pattern(
        name="ip.v4_private",
        privacy_type="Internal IP",
        regex=rf"(?P<value>{_IPV4}|(?<![\d.])\d{{2,3}}(?:\.{_OCTET}){{2}}\.0/\d\d(?!\d))",
        keywords=_DOTTED,
        reach=4,
        validate=_is_private_host,
        score=0.92,
        examples=(("ssh to 10.20.4.17 first", "10.20.4.17"), ("路由器192.168.31.1登录", "192.168.31.1")),
        counterexamples=("203.0.113.9", "release 10.20.4"),
    ),
    Pattern(
        name="ip.v6",
        privacy_type="IP Address",
        regex=rf"(?P<value>{_IPV6})",
        keywords=tuple(f"{digit}:" for digit in "0123456789abcdef"),
        reach=5,
        validate=_is_host,
        score=0.9,
        examples=(("my address is 2a02:8071:22c4::19f2 now", "2a02:8071:22c4::19f2"),),
        counterexamples=("at 10:30:45 sharp", "std::vector", "a ratio of 1:2:3:4", "::1"),
    ),
    Pattern(
        name="ip.v6_private",
        privacy_type="Internal IP",
        regex=rf"(?P<value>{_IPV6})",
        keywords=("fe80:", "fd", "fc"),
        reach=0,
        validate=_is_private_host,
        score=0.92,
        examples=(("the printer is fe80::1ff:fe23:4567:890a", "fe80::1ff:fe23:4567:890a"),),
        counterexamples=("fd is a file descriptor",),
    ),
    cue_then_value(
        "ip.called_internal",
        "Internal IP",
        cues=_INTERNAL_WORDS,
        gap=r"[^\n。!?;,\d]{0,32}?,?[ ]?",
        value=f"{_IPV4}|{_IPV6}",
        validate=_is_host,
        score=0.93,
        examples=(
            ("my internal IP is 203.0.113.9, if that matters", "203.0.113.9"),
            ("我用内部办公网的电脑（IP大概是203.0.113.9）", "203.0.113.9"),
        ),
        counterexamples=("Internally, version 1.2.3 is used.",),
    ),
    value_then_cue(
        "ip.internal_after",
        "Internal IP",
        cues=words("internal address, internal ip, intranet address, 内网地址, 内网ip, 内部ip, 内网"),
        value=_IPV4,
        gap=r"[ ]?(?:is|was|是|作为|这个)?[ ]?(?:my|our|the|我的|我们的|公司的?)?[ ]?",
        validate=_is_host,
        score=0.93,
        examples=(("203.0.113.9 is our internal IP", "203.0.113.9"),),
        counterexamples=("3 internal IPs",),
    ),
)

_HEX = "0123456789abcdef"
_MAC = r"(?<![0-9A-Za-z:\-])(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}(?![0-9A-Za-z]|[:\-][0-9a-f])"
_SSID_WORDS = words(
    "ssid, wifi name, wi-fi name, wifi called, wi-fi called, wifi network, wi-fi network, network name, "
    "hotspot, wifi, wi-fi, wifi名, wifi名称, 无线网络, 无线网, 热点, 网络名称, 连的网, 家里的网络"
)
_LOCAL = (
    Pattern(
        name="network.mac",
        privacy_type="Network Identifier",
        regex=rf"(?P<value>{_MAC})",
        keywords=tuple(f"{one}{two}{joint}" for one in _HEX for two in _HEX for joint in ":-"),
        reach=0,
        score=0.93,
        examples=(
            ("the MAC is 00:1B:44:11:3A:B7.", "00:1B:44:11:3A:B7"),
            ("网卡00-1b-44-11-3a-b7要登记", "00-1b-44-11-3a-b7"),
        ),
        counterexamples=("at 10:30:45", "10-11-12-13-14-15-16"),
    ),
    cue_then_value(
        "network.mac_by_cue",
        "Network Identifier",
        cues=("mac", "mac address", "mac地址", "bssid", "物理地址"),
        gap=rf"[ _]?{LINK}",
        value=r"(?<![0-9A-Z])(?:[0-9a-f]{12}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})(?![0-9A-Z])",
        score=0.93,
        examples=(("ERR_MAC_001B44113AB7 again", "001B44113AB7"), ("MAC地址：001b.4411.3ab7", "001b.4411.3ab7")),
        counterexamples=("my Mac is from 2019",),
    ),
    cue_then_value(
        "network.ssid",
        "Network Identifier",
        cues=_SSID_WORDS,
        value=(
            r"(?:(?<=[\"“‘'「『`*])[^\n\"“”‘’「」『』`*]{2,32}(?=[\"”’'」』`*])"
            r"|(?<![A-Za-z0-9_\-.])(?=[A-Za-z\-]{0,31}[\d_])[A-Za-z0-9_][A-Za-z0-9_.\-]{3,31}(?<![.\-]))"
        ),
        validate=lambda value: not value.lower().startswith(words("802, wpa, 5g, 2.4, wifi6, wi-fi")),
        score=0.88,
        examples=(
            ('our Wi-Fi is called "Fjordhuset"', "Fjordhuset"),
            ("SSID: Linden_7b, channel 36", "Linden_7b"),
            ("家里的WiFi名是Linden_7b", "Linden_7b"),
        ),
        counterexamples=("the Wi-Fi is slow", "WiFi 802.11ac", "wifi 信号很弱"),
    ),
    Pattern(
        name="network.ssid_by_band",
        privacy_type="Network Identifier",
        regex=r"(?<![A-Za-z0-9_.\-/])(?P<value>[A-Za-z0-9][A-Za-z0-9_\-]{2,28}[_\-](?:5g|2\.4g|5ghz|2\.4ghz|guest|ext))(?![A-Za-z0-9_\-])",
        keywords=words("_5g, -5g, _2.4g, -2.4g, _guest, -guest"),
        reach=32,
        score=0.88,
        examples=(("it joined Fjordhuset_5G again", "Fjordhuset_5G"),),
        counterexamples=("a 5G phone", "non-5G"),
        validate=lambda value: not value.lower().startswith("non-"),
    ),
)

_PROFILES = (
    Pattern(
        name="url.profile",
        privacy_type="Network Identifier",
        regex=(
            r"(?<![A-Za-z0-9@.\-])(?P<value>(?:https?://)?(?:[a-z]{2,3}\.|m\.)?(?:linkedin\.com/in|t\.me|telegram\.me|instagram\.com"
            r"|facebook\.com|twitter\.com|x\.com|tiktok\.com|youtube\.com|medium\.com|weibo\.com/u|weibo\.com/n|weibo\.com"
            r"|zhihu\.com/people|xiaohongshu\.com/user/profile|space\.bilibili\.com|github\.com|gitee\.com|keybase\.io"
            r"|about\.me|linktr\.ee|strava\.com/athletes|orcid\.org|douban\.com/people|steamcommunity\.com/id)"
            r"/@?[A-Za-z0-9_.\-]{2,40}/?)(?<![.\-])(?![A-Za-z0-9_/?=])"
        ),
        keywords=words(
            "linkedin.com/in/, t.me/, telegram.me/, instagram.com/, facebook.com/, twitter.com/, x.com/, "
            "tiktok.com/@, youtube.com/@, medium.com/@, weibo.com/, zhihu.com/people/, "
            "xiaohongshu.com/user/, space.bilibili.com/, github.com/, gitee.com/, keybase.io/, about.me/, "
            "linktr.ee/, strava.com/athletes/, orcid.org/, douban.com/people/, steamcommunity.com/id/"
        ),
        reach=14,
        score=0.9,
        examples=(
            ("my page: https://www.linkedin.com/in/lena-hartwig-77", "https://www.linkedin.com/in/lena-hartwig-77"),
            ("加我t.me/suwan_sh聊", "t.me/suwan_sh"),
        ),
        counterexamples=("see https://github.com/owner/project", "https://x.com/search?q=cats"),
    ),
    cue_then_value(
        "url.own_page",
        "Network Identifier",
        cues=words(
            "my website, my blog, my homepage, my home page, my site, my portfolio, my personal page, "
            "my web page, my domain, personal website, personal site, our website, 我的网站, 我的博客, "
            "我的主页, 个人主页, 个人网站, 我的域名, 博客地址"
        ),
        gap=rf"(?:[ ](?:at|on|under))?{LINK}",
        value=r"(?:https?://)?(?:[a-z0-9\-]{1,63}\.){1,5}[a-z]{2,24}(?:/[^\s\"'“”<>()\u2e80-\u9fff，。,;]{0,120})?(?<![.,;:])",
        score=0.91,
        examples=(
            ("my blog is https://lena.hartwig.example/kart", "https://lena.hartwig.example/kart"),
            ("个人主页：suwan.example", "suwan.example"),
        ),
        counterexamples=("my website is slow.", "我的网站是空的"),
    ),
    Pattern(
        name="url.with_credentials",
        privacy_type="Password",
        regex=r"(?<![A-Za-z])[a-z][a-z0-9+.\-]{1,20}://[^\s:/@\"'<>]{0,64}:(?P<value>[^\s/@\"'<>$\{\}]{3,128})@[A-Za-z0-9.\-\[]",
        keywords=("://",),
        reach=22,
        validate=lambda value: value.lower() not in {"password", "pass", "pwd", "pw", "secret", "token"},
        score=0.97,
        examples=(("git clone https://lena:gr0use-77@git.example/x", "gr0use-77"),),
        counterexamples=("https://user:password@host", "http://host:8080/@me"),
    ),
)

_HOST = r"(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,6}"
_PATH = r"(?::\d{2,5})?(?:/[^\s\"'“”‘’<>()（）\[\]，。；、\u2e80-\u9fff`*]{0,200})?(?<![.,;:!?])"
_INTRANET = (
    Pattern(
        name="intranet.host",
        privacy_type="Intranet Entry Point",
        regex=(
            rf"(?<![A-Za-z0-9@.\-/])(?P<value>(?:[a-z][a-z0-9+]{{1,9}}://)?{_HOST}"
            rf"(?:internal|corp|intra|intranet|lan|local|localdomain|home\.arpa|private){_PATH})(?![A-Za-z0-9\-@]|\.[a-z])"
        ),
        keywords=words(".internal, .corp, .intra, .lan, .local, .home.arpa, .private"),
        reach=90,
        validate=lambda value: not value.lower().startswith(("self.", "this.", "e.g.", "i.e.", "example.")),
        score=0.91,
        examples=(
            ("open https://wiki.nordlys.internal/ops now", "https://wiki.nordlys.internal/ops"),
            ("先连nas.hartwig.local再说", "nas.hartwig.local"),
        ),
        counterexamples=("a.internals", "mail x@nordlys.corp", "self.local"),
    ),
    Pattern(
        name="intranet.admin_page",
        privacy_type="Intranet Entry Point",
        regex=(
            r"(?<![A-Za-z0-9@.\-])(?P<value>https?://[^\s/\"'<>\u2e80-\u9fff，。]{3,120}"
            r"/(?:[^\s\"'<>\u2e80-\u9fff，。?]{0,60}/)?(?:wp-admin|admin|administrator|phpmyadmin|manage|console|jenkins|grafana"
            r"|actuator|manager/html|backend)(?![A-Za-z0-9\-])[^\s\"'“”<>()\u2e80-\u9fff，。；、`*]{0,120})(?<![.,;:!?])"
        ),
        keywords=words("/wp-admin, /admin, /phpmyadmin, /manage, /console, /jenkins, /grafana, /actuator, /backend"),
        reach=190,
        score=0.91,
        examples=(
            ("the login is https://shop.nordlys.example/admin/login", "https://shop.nordlys.example/admin/login"),
        ),
        counterexamples=("https://docs.example/administration", "the /admin path"),
    ),
    Pattern(
        name="intranet.gateway",
        privacy_type="Intranet Entry Point",
        regex=(
            r"(?<![A-Za-z0-9@.\-/])(?P<value>(?:https?://|ssh://)?(?:vpn|sslvpn|webvpn|bastion|jump|jumpserver|jumphost|intranet|oa|erp|sso"
            rf"|citrix|rdp|gateway|gw)\d{{0,2}}[.\-]{_HOST}[a-z]{{2,24}}{_PATH})(?![A-Za-z0-9@])"
        ),
        keywords=words("vpn, bastion, jump, intranet, oa., erp., sso., citrix., rdp., gateway, gw."),
        reach=9,
        score=0.9,
        examples=(
            ("connect to vpn.nordlys.example first", "vpn.nordlys.example"),
            ("登录https://oa.gongsi.example/portal", "https://oa.gongsi.example/portal"),
        ),
        counterexamples=("a vpn is slow", "jump over the fence.", "gateway-drug"),
    ),
    Pattern(
        name="intranet.private_url",
        privacy_type="Intranet Entry Point",
        regex=(
            r"(?<![A-Za-z0-9@.\-])(?P<value>(?:https?|ssh|rdp|smb|ftp)://(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.)[\d.]{3,11}"
            rf"{_PATH}|\\\\(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.)[\d.]{{3,11}}(?:\\[A-Za-z0-9_.$\-]{{1,40}}){{1,8}})"
        ),
        keywords=words("://10., ://172., ://192., \\\\10., \\\\172., \\\\192."),
        reach=5,
        score=0.94,
        examples=(
            ("路由器后台是 http://10.0.8.1:8080，网络存储", "http://10.0.8.1:8080"),
            (r"the share \\10.8.2.40\kart\plans is open", r"\\10.8.2.40\kart\plans"),
        ),
        counterexamples=("http://203.0.113.9/x", "http://10minutes.example"),
    ),
    Pattern(
        name="intranet.inner_host",
        privacy_type="Intranet Entry Point",
        regex=(
            r"(?<![A-Za-z0-9@.\-/])(?P<value>(?:https?://)?(?:[a-z0-9\-]{1,40}\.){0,3}(?:[a-z0-9]{1,30}-)?"
            r"(?:internal|intern|interno|inner|intranet|int|corp|staging|bastion|vault|kube|secure-in|portal|selfservice|lan)(?:-[a-z0-9\-]{1,30})?"
            rf"(?:\.[a-z0-9\-]{{1,40}}){{1,4}}{_PATH})(?![A-Za-z0-9\-@])"
        ),
        keywords=words(
            "internal., internal-, interno., -interno, inner., -inner, intranet., int., -int., corp., staging, bastion, vault., kube, secure-in, "
            "portal., lan."
        ),
        reach=60,
        score=0.9,
        validate=_is_own_host,
        examples=(
            ("it is at https://wiki.int.nordlys.example/ops now", "https://wiki.int.nordlys.example/ops"),
            ("打开http://desk.nordlys-inner.example/login登录", "http://desk.nordlys-inner.example/login"),
        ),
        counterexamples=("https://portal.azure.com/x", "the internal. Then", "print. Interns"),
    ),
    cue_then_value(
        "intranet.by_cue",
        "Intranet Entry Point",
        cues=words(
            "vpn gateway, bastion host, bastion, jump host, jump server, admin console, admin panel, "
            "internal portal, internal host, intranet, staff portal, company portal, county portal, back office, admin page, "
            "login page, drop box, submission site, the portal, their portal, 堡垒机, 跳板机, vpn网关, vpn地址, 管理后台, 后台地址, 后台, 管理页面, 管理页, 内网的地址, 监控平台, 网关, "
            "内部门户, 内网入口, 内网门户, 内部系统"
        ),
        gap=rf"(?:地址|入口|网址|链接|[ ](?:url|address|at|host))?{LINK}",
        value=rf"(?:[a-z]{{2,8}}://)?(?:{_HOST}[a-z]{{2,24}}|\d{{1,3}}(?:\.\d{{1,3}}){{3}}){_PATH}(?![A-Za-z0-9@])",
        score=0.93,
        examples=(
            ("our bastion host is edge3.nordlys.example:2222", "edge3.nordlys.example:2222"),
            ("堡垒机地址：172.20.8.4:60022", "172.20.8.4:60022"),
        ),
        counterexamples=("the admin panel is slow. Try later.", "堡垒机很慢"),
    ),
    Pattern(
        name="intranet.named_portal",
        privacy_type="Intranet Entry Point",
        regex=(
            r"(?-i:(?<![A-Za-z0-9'\-])(?P<value>(?!The |My |Our |Your |An? |This )(?:[A-ZÀ-Þ][A-Za-zÀ-ɏ&.\-]{1,20} ){1,5}"
            r"(?:Internal|Intranet|Employee|Staff|Admin|Clinician|Faculty)[ ](?:Portal|Intranet|Console|Gateway|Dashboard|Network|System)))"
        ),
        keywords=words(
            "internal portal, intranet portal, employee portal, staff portal, admin portal, "
            "internal network, internal system, admin console, internal dashboard, staff intranet, "
            "clinician portal, faculty portal"
        ),
        reach=110,
        score=0.9,
        examples=(("I opened the Nordlys Kraft Internal Portal again", "Nordlys Kraft Internal Portal"),),
        counterexamples=("The Internal Portal is down", "an internal portal"),
    ),
)

PATTERNS: tuple[Pattern, ...] = (*_IP, *_LOCAL, *_PROFILES, *_INTRANET)

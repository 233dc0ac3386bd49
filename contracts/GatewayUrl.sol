// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Which gateway URLs a resolver may publish
/// @dev Answers are signed, so plain http could not forge one. It would still tell everybody on the path
/// who looks up whom, and browsers refuse it on pages of their own that came by https.
library GatewayUrl {
    /// @notice Whether `url` is `https://` and more, or `http://` and a loopback host, optionally with a
    /// port and a path. Scheme and host in lower case.
    function isAllowed(string memory url) internal pure returns (bool) {
        bytes memory text = bytes(url);
        if (_startsWith(text, "https://")) return text.length > 8;
        return
            _isHost(text, "http://127.0.0.1") ||
            _isHost(text, "http://[::1]") ||
            _isHost(text, "http://localhost");
    }

    /// @dev Whether `text` is `origin`, then at most a port, then the end or a path. The port is digits
    /// only: what precedes an at sign is a user name, and the host follows it.
    function _isHost(bytes memory text, bytes memory origin) private pure returns (bool) {
        if (!_startsWith(text, origin)) return false;
        uint256 at = origin.length;
        if (at < text.length && text[at] == ":") {
            do ++at; while (at < text.length && text[at] >= "0" && text[at] <= "9");
        }
        return at == text.length || text[at] == "/";
    }

    function _startsWith(bytes memory text, bytes memory prefix) private pure returns (bool) {
        if (text.length < prefix.length) return false;
        for (uint256 i = 0; i < prefix.length; ++i) {
            if (text[i] != prefix[i]) return false;
        }
        return true;
    }
}

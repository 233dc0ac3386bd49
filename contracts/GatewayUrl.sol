// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ResolverPlaceholder} from "./ResolverPlaceholder.sol";
import {IOffchainResolver} from "./interfaces/IOffchainResolver.sol";

/// @title Which URLs a resolver may publish
/// @dev Answers are signed, so plain http could not forge one. It would still tell everybody on the path
/// who looks up whom, and browsers refuse it on pages of their own that came by https.
library GatewayUrl {
    /// @dev Every lookup reverts with all URLs, and a client tries them one after the other.
    uint256 private constant MAX_URLS = 8;

    /// @dev Leaves at least half of the 2 KB that servers and proxies accept as a URL to the call data of
    /// a GET, and keeps the largest list (8 * 33 storage slots) far below the gas limit of a transaction.
    uint256 private constant MAX_URL_LENGTH = 1024;

    /// @notice `urls` as they are to be stored by this contract; reverts with what is wrong with them.
    /// @param least How many there must be.
    function checkAll(
        string[] memory urls,
        uint256 least
    ) internal view returns (string[] memory checked) {
        require(
            urls.length >= least && urls.length <= MAX_URLS,
            IOffchainResolver.InvalidUrlCount(urls.length)
        );
        checked = new string[](urls.length);
        for (uint256 i = 0; i < urls.length; ++i) checked[i] = check(urls[i], i);
    }

    /// @notice `url` as it is to be stored by this contract; reverts with what is wrong with it.
    /// @param index Where `url` stands in the list that it came in; for the error.
    function check(string memory url, uint256 index) internal view returns (string memory) {
        (string memory expanded, bool isRepeated) = ResolverPlaceholder.expand(url, address(this));
        require(!isRepeated, IOffchainResolver.RepeatedPlaceholder(index, url));
        uint256 length = bytes(expanded).length;
        require(
            length > 0 && length <= MAX_URL_LENGTH,
            IOffchainResolver.InvalidUrlLength(index, length)
        );
        require(_isAllowed(expanded), IOffchainResolver.InsecureUrl(index, expanded));
        return expanded;
    }

    /// @dev Whether `url` is `https://` and more, or `http://` and a loopback host, optionally with a
    /// port and a path. Scheme and host in lower case.
    function _isAllowed(string memory url) private pure returns (bool) {
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

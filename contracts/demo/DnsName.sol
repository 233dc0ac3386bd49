// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IUniversalResolver} from "./IUniversalResolver.sol";

/// @title Labels of a DNS-encoded name
library DnsName {
    /// @notice The label that begins at `at`, empty for the end of the name, and where the next one begins.
    /// @dev Reverts with DNSDecodingFailed when the name ends early or goes on behind its end.
    function labelAt(
        bytes calldata name,
        uint256 at
    ) internal pure returns (bytes calldata label, uint256 next) {
        require(at < name.length, IUniversalResolver.DNSDecodingFailed(name));
        next = at + 1 + uint8(name[at]);
        bool isEnd = next == at + 1;
        require(
            isEnd ? next == name.length : next < name.length,
            IUniversalResolver.DNSDecodingFailed(name)
        );
        return (name[at + 1:next], next);
    }
}

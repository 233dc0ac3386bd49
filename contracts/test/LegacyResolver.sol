// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";

/// @title An on-chain resolver from before ENSIP-10: answers for exactly the names it was set for
contract LegacyResolver is ERC165 {
    error TextNotAllowed(string key);

    mapping(bytes32 node => address) private _addresses;

    function setAddr(bytes32 node, address account) external {
        _addresses[node] = account;
    }

    function addr(bytes32 node) external view returns (address) {
        return _addresses[node];
    }

    /// @notice Always reverts: a function that is there and fails.
    function text(bytes32, string calldata key) external pure returns (string memory) {
        revert TextNotAllowed(key);
    }
}

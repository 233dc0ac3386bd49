// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title ERC-7996: detection of contract features that have no interface of their own
/// @dev Interface id: `0x582de3e7`. https://eips.ethereum.org/EIPS/eip-7996; the features of ENS are in ENSIP-22.
interface IERC7996 {
    /// @notice Whether the contract supports a feature.
    /// @param featureId The first four bytes of the keccak256 of the feature's reverse domain name.
    function supportsFeature(bytes4 featureId) external view returns (bool);
}

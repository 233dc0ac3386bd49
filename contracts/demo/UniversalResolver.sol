// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DnsName} from "./DnsName.sol";
import {IUniversalResolver} from "./IUniversalResolver.sol";
import {ReverseResolution} from "./ReverseResolution.sol";

/// @dev What is needed of the ENS registry (ENSIP-1).
interface IRegistry {
    function resolver(bytes32 node) external view returns (address);
}

/// @title A stand-in for the ENS UniversalResolver (ENSIP-23) on local chains
/// @notice Gives viem, ensjs and ethers the entry point that they have on public chains. Not for
/// production: those chains have the real one.
contract UniversalResolver is ReverseResolution {
    IRegistry public immutable registry;

    constructor(IRegistry ensRegistry) {
        registry = ensRegistry;
    }

    /// @inheritdoc IUniversalResolver
    function findResolver(
        bytes calldata name
    ) public view override returns (address resolver, bytes32 node, uint256 offset) {
        return _findResolver(name, 0);
    }

    /// @dev Walks up to the root first, and takes the resolver nearest to `name` on the way back.
    function _findResolver(
        bytes calldata name,
        uint256 at
    ) private view returns (address resolver, bytes32 node, uint256 offset) {
        (bytes calldata label, uint256 next) = DnsName.labelAt(name, at);
        if (label.length == 0) return (address(0), 0, 0);
        (resolver, node, offset) = _findResolver(name, next);
        node = keccak256(abi.encode(node, keccak256(label)));
        address exact = registry.resolver(node);
        if (exact != address(0)) (resolver, offset) = (exact, at);
    }
}

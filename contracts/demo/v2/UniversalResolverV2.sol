// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DnsName} from "../DnsName.sol";
import {IUniversalResolver} from "../IUniversalResolver.sol";
import {ReverseResolution} from "../ReverseResolution.sol";
import {RegistryV2} from "./RegistryV2.sol";

/// @title A stand-in for ENSv2's UniversalResolver on local chains
/// @notice Finds resolvers in ENSv2's registries alone: names of ENSv1 are there by ENSV1Resolver.
contract UniversalResolverV2 is ReverseResolution {
    RegistryV2 public immutable root;

    constructor(RegistryV2 rootRegistry) {
        root = rootRegistry;
    }

    /// @inheritdoc IUniversalResolver
    function findResolver(
        bytes calldata name
    ) public view override returns (address resolver, bytes32 node, uint256 offset) {
        (, resolver, node, offset) = _findResolver(name, 0);
    }

    /// @notice The registry that holds the names below `name`, or zero where it has none.
    function findExactRegistry(bytes calldata name) external view returns (RegistryV2 registry) {
        (registry, , , ) = _findResolver(name, 0);
    }

    /// @notice The registry that holds the names below `name`, those below its parent, and so on to the root; zero for
    /// none.
    function findRegistries(bytes calldata name) external view returns (RegistryV2[] memory list) {
        uint256 count = 1;
        for (uint256 at = 0; name[at] != 0; at += 1 + uint8(name[at])) ++count;
        list = new RegistryV2[](count);
        uint256 start = 0;
        for (uint256 i = 0; i < count; ++i) {
            (list[i], , , ) = _findResolver(name, start);
            start += 1 + uint8(name[start]);
        }
    }

    /// @dev Goes down from the root; the resolver nearest to `name` counts, whatever is above it.
    /// @return registry The one that holds the names below `name[at:]`, or zero.
    function _findResolver(
        bytes calldata name,
        uint256 at
    ) private view returns (RegistryV2 registry, address resolver, bytes32 node, uint256 offset) {
        (bytes calldata label, uint256 next) = DnsName.labelAt(name, at);
        if (label.length == 0) return (root, address(0), 0, 0);
        (registry, resolver, node, offset) = _findResolver(name, next);
        node = keccak256(abi.encode(node, keccak256(label)));
        if (address(registry) == address(0)) return (registry, resolver, node, offset);
        address exact = registry.getResolver(string(label));
        if (exact != address(0)) (resolver, offset) = (exact, at);
        registry = registry.getSubregistry(string(label));
    }
}

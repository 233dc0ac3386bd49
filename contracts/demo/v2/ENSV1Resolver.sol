// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC7996} from "../../interfaces/IERC7996.sol";
import {IExtendedResolver} from "../../interfaces/IExtendedResolver.sol";
import {ResolverCall} from "../ResolverCall.sol";
import {IRegistry, UniversalResolver} from "../UniversalResolver.sol";

/// @title A stand-in for the resolver by which ENSv2 serves names that are still in ENSv1
/// @dev Its `resolve` returns (bytes, address), of which clients of ENSIP-10 read the bytes. Errors of the inner
/// resolver are passed on as they are.
contract ENSV1Resolver is UniversalResolver, IERC7996 {
    /// @dev ICompositeResolver of ens-contracts.
    bytes4 private constant COMPOSITE_RESOLVER = 0xf686ea10;
    /// @dev "eth.ens.resolver.extended.multicall" of ENSIP-22.
    bytes4 private constant RESOLVE_MULTICALL = 0x96b62db8;

    /// @notice The name has no resolver in ENSv1.
    error UnreachableName(bytes name);

    constructor(IRegistry registryV1) UniversalResolver(registryV1) {}

    /// @notice The resolver that answers for the name; the flag, whether it is on another chain, is always false.
    function getResolver(bytes calldata name) external view returns (address, bool) {
        (address resolver, , ) = findResolver(name);
        return (resolver, false);
    }

    /// @inheritdoc IERC7996
    function supportsFeature(bytes4 feature) external pure returns (bool) {
        return feature == RESOLVE_MULTICALL;
    }

    /// @dev Unlike a client of ENSIP-10, it asks a resolver of a name above as well that does not speak ENSIP-10.
    function requireResolver(
        bytes calldata name
    ) public view override returns (ResolverInfo memory info) {
        info.name = name;
        (info.resolver, info.node, info.offset) = findResolver(name);
        require(info.resolver.code.length > 0, UnreachableName(name));
        info.extended = _supports(info.resolver, type(IExtendedResolver).interfaceId);
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return
            interfaceId == type(IExtendedResolver).interfaceId ||
            interfaceId == type(IERC7996).interfaceId ||
            interfaceId == COMPOSITE_RESOLVER ||
            super.supportsInterface(interfaceId);
    }

    function _refuse(bytes memory errorData) internal pure override {
        ResolverCall.revertWith(errorData);
    }
}

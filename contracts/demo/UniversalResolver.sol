// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {IERC7996} from "../interfaces/IERC7996.sol";
import {IExtendedResolver} from "../interfaces/IExtendedResolver.sol";
import {BatchLookup} from "./BatchLookup.sol";
import {IUniversalResolver} from "./IUniversalResolver.sol";
import {ResolverCall} from "./ResolverCall.sol";

/// @dev What is needed of the ENS registry (ENSIP-1).
interface IRegistry {
    function resolver(bytes32 node) external view returns (address);
}

/// @dev Asks for several records at once; read here, never called.
interface IMulticallable {
    function multicall(bytes[] calldata data) external view returns (bytes[] memory results);
}

/// @title A stand-in for the ENS UniversalResolver (ENSIP-23) on local chains
/// @notice Gives viem, ensjs and ethers the entry point that they have on public chains. Not for
/// production: those chains have the real one.
/// @dev Left out: `reverse` (primary names), ENSv2 registries, labels given as `[hash]`, contracts from
/// before EIP-140 (which burn all gas to fail) and the probe that detects them.
contract UniversalResolver is IUniversalResolver, BatchLookup {
    /// @dev "eth.ens.resolver.extended.multicall" of ENSIP-22.
    bytes4 private constant RESOLVE_MULTICALL = 0x96b62db8;

    IRegistry public immutable registry;

    /// @dev A direct call that waits for a gateway. `callbackFunction` and `extraData` are the resolver's.
    struct DirectCall {
        address resolver;
        bool extended;
        bytes4 profile;
        bytes4 callbackFunction;
        bytes extraData;
    }

    constructor(IRegistry ensRegistry) {
        registry = ensRegistry;
    }

    /// @inheritdoc IUniversalResolver
    function findResolver(
        bytes calldata name
    ) public view returns (address resolver, bytes32 node, uint256 offset) {
        return _findResolver(name, 0);
    }

    /// @inheritdoc IUniversalResolver
    function requireResolver(bytes calldata name) public view returns (ResolverInfo memory info) {
        info.name = name;
        (info.resolver, info.node, info.offset) = findResolver(name);
        require(info.resolver != address(0), ResolverNotFound(name));
        info.extended = _supports(info.resolver, type(IExtendedResolver).interfaceId);
        // Only an extended resolver answers for names below its own (ENSIP-10).
        require(info.extended || info.offset == 0, ResolverNotFound(name));
        require(info.resolver.code.length > 0, ResolverNotContract(name, info.resolver));
    }

    /// @inheritdoc IUniversalResolver
    function resolve(
        bytes calldata name,
        bytes calldata data
    ) external view returns (bytes memory, address) {
        string[] memory gateways = new string[](1);
        gateways[0] = "x-batch-gateway:true";
        return resolveWithGateways(name, data, gateways);
    }

    /// @inheritdoc IUniversalResolver
    function resolveWithGateways(
        bytes calldata name,
        bytes calldata data,
        string[] memory gateways
    ) public view returns (bytes memory result, address resolver) {
        ResolverInfo memory info = requireResolver(name);
        bool multicall = bytes4(data) == IMulticallable.multicall.selector;
        if (_isDirect(info, multicall)) {
            DirectCall memory direct;
            direct.resolver = info.resolver;
            direct.extended = info.extended;
            direct.profile = bytes4(data);
            return _callDirectly(direct, _wrap(info, data));
        }
        Batch memory batch = Batch(info.resolver, info.extended, multicall, gateways, new Item[](0));
        bytes[] memory calls = multicall ? abi.decode(data[4:], (bytes[])) : _listOf(data);
        batch.items = new Item[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            Item memory item = batch.items[i];
            item.profile = bytes4(calls[i]);
            (item.outcome, item.data) = ResolverCall.attempt(
                info.resolver,
                _wrap(info, calls[i]),
                item.profile
            );
        }
        return (_lookUpOrFinish(batch), info.resolver);
    }

    /// @notice ERC-3668 callback of a direct call.
    /// @param response What the resolver's gateway responded.
    /// @param extraData The encoded `DirectCall`.
    function directCallback(
        bytes calldata response,
        bytes calldata extraData
    ) external view returns (bytes memory result, address resolver) {
        DirectCall memory direct = abi.decode(extraData, (DirectCall));
        return
            _callDirectly(
                direct,
                abi.encodeWithSelector(direct.callbackFunction, response, direct.extraData)
            );
    }

    /// @dev Calls the resolver. Its OffchainLookup is thrown again under our own name, because clients
    /// follow a lookup only if its sender is the contract they called; the resolver's callback travels in
    /// our extraData. A lookup out of that callback comes here again.
    function _callDirectly(
        DirectCall memory direct,
        bytes memory callData
    ) private view returns (bytes memory, address) {
        (ResolverCall.Outcome outcome, bytes memory data) = ResolverCall.attempt(
            direct.resolver,
            callData,
            direct.profile
        );
        if (outcome == ResolverCall.Outcome.Failed) ResolverCall.revertWithResolverError(data);
        if (outcome == ResolverCall.Outcome.Waiting) {
            ResolverCall.Lookup memory lookup = ResolverCall.decodeLookup(data);
            direct.callbackFunction = lookup.callbackFunction;
            direct.extraData = lookup.extraData;
            revert OffchainLookup(
                address(this),
                lookup.urls,
                lookup.callData,
                this.directCallback.selector,
                abi.encode(direct)
            );
        }
        return (direct.extended ? abi.decode(data, (bytes)) : data, direct.resolver);
    }

    /// @dev ENSIP-22: a resolver with features needs no batch gateway, unless it is asked for several
    /// records and does not take them in one call.
    function _isDirect(ResolverInfo memory info, bool multicall) private view returns (bool) {
        if (!_supports(info.resolver, type(IERC7996).interfaceId)) return false;
        if (!multicall) return true;
        return info.extended && IERC7996(info.resolver).supportsFeature(RESOLVE_MULTICALL);
    }

    /// @dev Walks up to the root first, and takes the resolver nearest to `name` on the way back.
    function _findResolver(
        bytes calldata name,
        uint256 at
    ) private view returns (address resolver, bytes32 node, uint256 offset) {
        require(at < name.length, DNSDecodingFailed(name));
        uint256 next = at + 1 + uint8(name[at]);
        if (next == at + 1) {
            require(next == name.length, DNSDecodingFailed(name));
            return (address(0), 0, 0);
        }
        require(next < name.length, DNSDecodingFailed(name));
        (resolver, node, offset) = _findResolver(name, next);
        node = keccak256(abi.encode(node, keccak256(name[at + 1:next])));
        address exact = registry.resolver(node);
        if (exact != address(0)) (resolver, offset) = (exact, at);
    }

    function _supports(address resolver, bytes4 interfaceId) private view returns (bool) {
        return ERC165Checker.supportsERC165InterfaceUnchecked(resolver, interfaceId);
    }

    function _wrap(
        ResolverInfo memory info,
        bytes memory data
    ) private pure returns (bytes memory) {
        if (!info.extended) return data;
        return abi.encodeCall(IExtendedResolver.resolve, (info.name, data));
    }

    function _listOf(bytes memory data) private pure returns (bytes[] memory list) {
        list = new bytes[](1);
        list[0] = data;
    }
}

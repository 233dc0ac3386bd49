// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {IERC7996} from "../interfaces/IERC7996.sol";
import {IExtendedResolver} from "../interfaces/IExtendedResolver.sol";
import {BatchLookup} from "./BatchLookup.sol";
import {IUniversalResolver} from "./IUniversalResolver.sol";
import {ResolverCall} from "./ResolverCall.sol";

/// @dev Asks for several records at once; read here, never called.
interface IMulticallable {
    function multicall(bytes[] calldata data) external view returns (bytes[] memory results);
}

/// @title Resolution of a name by its resolver, wherever that is registered (ENSIP-23)
/// @dev Left out of what ENS's own has: labels given as `[hash]`, and `resolveWithResolver`.
abstract contract NameResolution is IUniversalResolver, IERC165, BatchLookup {
    /// @dev As ENSIP-23 counts it: of `resolve` and `reverse`.
    bytes4 private constant UNIVERSAL_RESOLVER = 0xcd191b34;
    /// @dev "eth.ens.resolver.extended.multicall" of ENSIP-22.
    bytes4 private constant RESOLVE_MULTICALL = 0x96b62db8;

    /// @dev A direct call that waits for a gateway. `callbackFunction` and `extraData` are the resolver's.
    struct DirectCall {
        address resolver;
        bool extended;
        bytes4 profile;
        bytes4 callbackFunction;
        bytes extraData;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view virtual returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == UNIVERSAL_RESOLVER;
    }

    /// @inheritdoc IUniversalResolver
    function findResolver(
        bytes calldata name
    ) public view virtual returns (address resolver, bytes32 node, uint256 offset);

    /// @inheritdoc IUniversalResolver
    function requireResolver(
        bytes calldata name
    ) public view virtual returns (ResolverInfo memory info) {
        info.name = name;
        (info.resolver, info.node, info.offset) = findResolver(name);
        require(info.resolver != address(0), ResolverNotFound(name));
        info.extended = _supports(info.resolver, type(IExtendedResolver).interfaceId);
        // Only an extended resolver answers for names below its own (ENSIP-10). What says to be one is taken for a
        // contract, as some precompiles do.
        if (info.extended) return info;
        require(info.offset == 0, ResolverNotFound(name));
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
        bool isOld = ResolverCall.burnsProbe(info.resolver);
        for (uint256 i = 0; i < calls.length; ++i) {
            Item memory item = batch.items[i];
            bytes memory call = _wrap(info, calls[i]);
            item.profile = bytes4(call);
            (item.outcome, item.data) = ResolverCall.attempt(info.resolver, call, isOld);
            // of an old contract nobody can tell a failure from a function that is not there
            bool isMissing = isOld && item.data.length == 0;
            if (isMissing) item.outcome = ResolverCall.Outcome.Returned;
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
            callData
        );
        if (outcome == ResolverCall.Outcome.Failed) _refuse(data);
        if (outcome == ResolverCall.Outcome.Waiting) {
            ResolverCall.Lookup memory lookup = ResolverCall.decodeLookup(data);
            // One that names another sender was not made by the resolver: ERC-3668 forbids to follow it.
            if (lookup.sender != direct.resolver) _refuse(data);
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
        require(data.length > 0, UnsupportedResolverProfile(direct.profile));
        return (direct.extended ? abi.decode(data, (bytes)) : data, direct.resolver);
    }

    /// @dev ENSIP-22: a resolver with features needs no batch gateway, unless it is asked for several
    /// records and does not take them in one call.
    function _isDirect(ResolverInfo memory info, bool multicall) private view returns (bool) {
        if (!_supports(info.resolver, type(IERC7996).interfaceId)) return false;
        if (!multicall) return true;
        return info.extended && IERC7996(info.resolver).supportsFeature(RESOLVE_MULTICALL);
    }

    function _supports(address resolver, bytes4 interfaceId) internal view returns (bool) {
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

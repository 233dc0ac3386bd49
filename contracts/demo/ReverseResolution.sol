// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC3668} from "../interfaces/IERC3668.sol";
import {IUniversalResolver} from "./IUniversalResolver.sol";
import {NameResolution} from "./NameResolution.sol";
import {ResolverCall} from "./ResolverCall.sol";
import {ReverseName} from "./ReverseName.sol";

/// @dev Functions of resolvers; called through ourselves, never directly.
interface IPrimaryNameRecords {
    function name(bytes32 node) external view returns (string memory);
}

/// @title Primary names (ENSIP-19): from an address to the name that it gives, and back from there
/// @dev Both readings are calls of our own `resolveWithGateways`. Where one asks a gateway, its lookup is thrown again with
/// what is left to do; the callback goes on from there.
abstract contract ReverseResolution is NameResolution {
    uint256 private constant COIN_TYPE_ETH = 60;

    /// @dev `primary` is empty while the name is being read, and set while its address is.
    struct Reading {
        bytes lookupAddress;
        uint256 coinType;
        string[] gateways;
        string primary;
        address reverseResolver;
    }

    /// @inheritdoc IUniversalResolver
    function reverse(
        bytes calldata lookupAddress,
        uint256 coinType
    ) external view returns (string memory, address, address) {
        string[] memory gateways = new string[](1);
        gateways[0] = "x-batch-gateway:true";
        return reverseWithGateways(lookupAddress, coinType, gateways);
    }

    /// @inheritdoc IUniversalResolver
    function reverseWithGateways(
        bytes calldata lookupAddress,
        uint256 coinType,
        string[] memory gateways
    ) public view returns (string memory, address, address) {
        bytes memory name = ReverseName.ofAddress(lookupAddress, coinType);
        Reading memory reading = Reading(lookupAddress, coinType, gateways, "", address(0));
        bytes memory call = abi.encodeCall(IPrimaryNameRecords.name, (ReverseName.nodeOf(name)));
        return _read(reading, abi.encodeCall(this.resolveWithGateways, (name, call, gateways)));
    }

    /// @notice ERC-3668 callback of either reading.
    /// @param extraData The reading, and the callback of our own that this response is for, with its extraData.
    function reverseCallback(
        bytes calldata response,
        bytes calldata extraData
    ) external view returns (string memory, address, address) {
        (Reading memory reading, bytes4 callback, bytes memory itsData) = abi.decode(
            extraData,
            (Reading, bytes4, bytes)
        );
        return _read(reading, abi.encodeWithSelector(callback, response, itsData));
    }

    function _read(
        Reading memory reading,
        bytes memory ownCall
    ) private view returns (string memory, address, address) {
        (bool ok, bytes memory data) = address(this).staticcall(ownCall);
        if (!ok) {
            if (bytes4(data) != IERC3668.OffchainLookup.selector) ResolverCall.revertWith(data);
            ResolverCall.Lookup memory lookup = ResolverCall.decodeLookup(data);
            revert OffchainLookup(
                address(this),
                lookup.urls,
                lookup.callData,
                this.reverseCallback.selector,
                abi.encode(reading, lookup.callbackFunction, lookup.extraData)
            );
        }
        (bytes memory result, address resolver) = abi.decode(data, (bytes, address));
        return
            bytes(reading.primary).length == 0
                ? _readAddress(reading, abi.decode(result, (string)), resolver)
                : _compare(reading, result, resolver);
    }

    function _readAddress(
        Reading memory reading,
        string memory primary,
        address reverseResolver
    ) private view returns (string memory, address, address) {
        if (bytes(primary).length == 0) return ("", address(0), reverseResolver);
        (reading.primary, reading.reverseResolver) = (primary, reverseResolver);
        bytes memory name = ReverseName.encode(primary);
        bytes32 node = ReverseName.nodeOf(name);
        // `addr` has two forms, which `abi.encodeCall` cannot tell apart
        bytes memory call = reading.coinType == COIN_TYPE_ETH
            ? abi.encodeWithSignature("addr(bytes32)", node)
            : abi.encodeWithSignature("addr(bytes32,uint256)", node, reading.coinType);
        return
            _read(
                reading,
                abi.encodeCall(this.resolveWithGateways, (name, call, reading.gateways))
            );
    }

    function _compare(
        Reading memory reading,
        bytes memory result,
        address resolver
    ) private pure returns (string memory, address, address) {
        bytes memory found = reading.coinType == COIN_TYPE_ETH
            ? abi.encodePacked(abi.decode(result, (address)))
            : abi.decode(result, (bytes));
        require(
            keccak256(found) == keccak256(reading.lookupAddress),
            ReverseAddressMismatch(reading.primary, found)
        );
        return (reading.primary, resolver, reading.reverseResolver);
    }
}

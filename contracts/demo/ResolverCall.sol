// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {IERC3668} from "../interfaces/IERC3668.sol";
import {IUniversalResolver} from "./IUniversalResolver.sol";

/// @title One call to a resolver, and what came back
library ResolverCall {
    using Bytes for bytes;

    /// @dev The arguments of an `OffchainLookup` error.
    struct Lookup {
        address sender;
        string[] urls;
        bytes callData;
        bytes4 callbackFunction;
        bytes extraData;
    }

    /// @dev What a call came to: return data, a lookup to follow, or the encoded error.
    enum Outcome {
        Returned,
        Waiting,
        Failed
    }

    /// @dev What a call gets of whoever burns the probe; enough for the records of old resolvers.
    uint256 private constant GAS_OF_OLD = 50000;
    uint256 private constant PROBE_GAS = 5000;

    /// @notice Calls `resolver`, with little gas where it would burn all to fail.
    function attempt(
        address resolver,
        bytes memory callData
    ) internal view returns (Outcome outcome, bytes memory data) {
        return attempt(resolver, callData, burnsProbe(resolver));
    }

    /// @notice The same, where that is known.
    function attempt(
        address resolver,
        bytes memory callData,
        bool isOld
    ) internal view returns (Outcome outcome, bytes memory data) {
        bool ok;
        (ok, data) = resolver.staticcall{gas: isOld ? GAS_OF_OLD : gasleft()}(callData);
        if (ok) return (Outcome.Returned, data);
        // No data is no lookup, and `bytes4` of it is zero.
        bool isLookup = bytes4(data) == IERC3668.OffchainLookup.selector;
        return (isLookup ? Outcome.Waiting : Outcome.Failed, data);
    }

    /// @notice Whether `resolver` burns all gas of an empty call, as contracts of before EIP-140 do to fail.
    function burnsProbe(address resolver) internal view returns (bool) {
        uint256 before = gasleft();
        assembly ("memory-safe") {
            pop(staticcall(PROBE_GAS, resolver, 0, 0, 0, 0))
        }
        return before - gasleft() >= PROBE_GAS;
    }

    /// @notice Decodes an `OffchainLookup` error.
    function decodeLookup(bytes memory errorData) internal pure returns (Lookup memory lookup) {
        (
            lookup.sender,
            lookup.urls,
            lookup.callData,
            lookup.callbackFunction,
            lookup.extraData
        ) = abi.decode(
            errorData.slice(4),
            (address, string[], bytes, bytes4, bytes)
        );
    }

    /// @notice Reverts as ENSIP-23 wants it for the error of a resolver.
    function revertWithResolverError(bytes memory errorData) internal pure {
        if (bytes4(errorData) != IUniversalResolver.UnsupportedResolverProfile.selector) {
            revert IUniversalResolver.ResolverError(errorData);
        }
        revertWith(errorData);
    }

    /// @notice Reverts with an error that is encoded already.
    function revertWith(bytes memory errorData) internal pure {
        assembly ("memory-safe") {
            revert(add(errorData, 32), mload(errorData))
        }
    }
}

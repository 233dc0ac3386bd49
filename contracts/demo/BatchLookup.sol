// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC3668} from "../interfaces/IERC3668.sol";
import {IBatchGateway} from "./IBatchGateway.sol";
import {IUniversalResolver} from "./IUniversalResolver.sol";
import {ResolverCall} from "./ResolverCall.sol";

/// @title Several calls to one resolver, whose lookups go through an ENSIP-21 batch gateway together
/// @dev A round: every item that waits becomes one request of `query`; the callback settles them; items
/// that wait again (nested lookups) go into the next round. Without any waiting item no gateway is asked.
abstract contract BatchLookup is IERC3668 {
    /// @dev `profile` is the selector that the resolver is called by: of ENSIP-10's `resolve`, if it is extended. `data` holds the
    /// return data, the encoded OffchainLookup, or the encoded error, as `outcome` says.
    struct Item {
        bytes4 profile;
        ResolverCall.Outcome outcome;
        bool byGateway;
        bytes data;
    }

    /// @dev `multicall`: whether the caller asked for a list. `extended`: whether answers are wrapped by
    /// `resolve(bytes,bytes)`.
    struct Batch {
        address resolver;
        bool extended;
        bool multicall;
        string[] gateways;
        Item[] items;
    }

    /// @notice ERC-3668 callback of the batch gateway.
    /// @param response The encoded return values of `IBatchGateway.query`.
    /// @param extraData The encoded `Batch`.
    function batchCallback(
        bytes calldata response,
        bytes calldata extraData
    ) external view returns (bytes memory result, address resolver) {
        Batch memory batch = abi.decode(extraData, (Batch));
        (bool[] memory failures, bytes[] memory responses) = abi.decode(
            response,
            (bool[], bytes[])
        );
        uint256 waiting = _countWaiting(batch);
        require(
            failures.length == waiting && responses.length == waiting,
            IUniversalResolver.InvalidBatchGatewayResponse()
        );
        uint256 next = 0;
        for (uint256 i = 0; i < batch.items.length; ++i) {
            Item memory item = batch.items[i];
            if (item.outcome != ResolverCall.Outcome.Waiting) continue;
            if (failures[next]) {
                item.outcome = ResolverCall.Outcome.Failed;
                item.byGateway = true;
                item.data = responses[next];
            } else {
                ResolverCall.Lookup memory lookup = ResolverCall.decodeLookup(item.data);
                // as ENS's own: whoever the lookup names, although ERC-3668 wants that to be the resolver
                (item.outcome, item.data) = ResolverCall.attempt(
                    lookup.sender,
                    abi.encodeWithSelector(
                        lookup.callbackFunction,
                        responses[next],
                        lookup.extraData
                    ),
                    false // whoever asks a gateway is no old contract
                );
                bool isEmpty = item.outcome == ResolverCall.Outcome.Returned &&
                    item.data.length == 0;
                if (isEmpty) item.outcome = ResolverCall.Outcome.Failed;
            }
            ++next;
        }
        return (_lookUpOrFinish(batch), batch.resolver);
    }

    /// @dev Reverts with the next round's lookup, or returns the result when nothing waits.
    function _lookUpOrFinish(Batch memory batch) internal view returns (bytes memory) {
        uint256 waiting = _countWaiting(batch);
        if (waiting == 0) return batch.multicall ? _list(batch) : _single(batch);
        IBatchGateway.Request[] memory requests = new IBatchGateway.Request[](waiting);
        uint256 next = 0;
        for (uint256 i = 0; i < batch.items.length; ++i) {
            if (batch.items[i].outcome != ResolverCall.Outcome.Waiting) continue;
            ResolverCall.Lookup memory lookup = ResolverCall.decodeLookup(batch.items[i].data);
            requests[next++] = IBatchGateway.Request(lookup.sender, lookup.urls, lookup.callData);
        }
        revert OffchainLookup(
            address(this),
            batch.gateways,
            abi.encodeCall(IBatchGateway.query, (requests)),
            this.batchCallback.selector,
            abi.encode(batch)
        );
    }

    /// @dev The result of a multicall: always as many items as calls, errors among them.
    function _list(Batch memory batch) private pure returns (bytes memory) {
        bytes[] memory results = new bytes[](batch.items.length);
        for (uint256 i = 0; i < results.length; ++i) {
            Item memory item = batch.items[i];
            bool wrapped = batch.extended &&
                item.outcome == ResolverCall.Outcome.Returned &&
                item.data.length > 0;
            results[i] = wrapped ? abi.decode(item.data, (bytes)) : item.data;
        }
        return abi.encode(results);
    }

    function _single(Batch memory batch) private pure returns (bytes memory) {
        Item memory item = batch.items[0];
        if (item.outcome == ResolverCall.Outcome.Failed) {
            if (item.byGateway) ResolverCall.revertWith(item.data);
            _refuse(item.data);
        }
        require(
            item.data.length > 0,
            IUniversalResolver.UnsupportedResolverProfile(item.profile)
        );
        return batch.extended ? abi.decode(item.data, (bytes)) : item.data;
    }

    /// @dev Reverts for a resolver that reverted with `errorData`.
    function _refuse(bytes memory errorData) internal pure virtual {
        ResolverCall.revertWithResolverError(errorData);
    }

    function _countWaiting(Batch memory batch) private pure returns (uint256 waiting) {
        for (uint256 i = 0; i < batch.items.length; ++i) {
            if (batch.items[i].outcome == ResolverCall.Outcome.Waiting) ++waiting;
        }
    }
}

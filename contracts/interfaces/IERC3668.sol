// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title ERC-3668 (CCIP Read): the error by which a contract asks its caller to fetch data off-chain
/// @dev https://eips.ethereum.org/EIPS/eip-3668
interface IERC3668 {
    /// @notice Not a failure: fetch the answer from a gateway and hand it to `callbackFunction` of `sender`.
    /// @dev Error selector: `0x556f1830`
    /// @param sender The contract that reverts; a client refuses any other than the one it called.
    /// @param urls URL templates of the gateways, in order of preference.
    /// @param callData What the gateway is asked.
    /// @param callbackFunction Selector of `function(bytes response, bytes extraData)` on `sender`.
    /// @param extraData Passed to the callback unchanged.
    error OffchainLookup(
        address sender,
        string[] urls,
        bytes callData,
        bytes4 callbackFunction,
        bytes extraData
    );
}

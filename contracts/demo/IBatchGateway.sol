// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title ENSIP-21: a gateway that performs several ERC-3668 lookups and tells how each one went
/// @dev Interface id: `0xa780bab6`. Clients that know the URL `x-batch-gateway:true` do this themselves.
interface IBatchGateway {
    /// @notice A gateway answered with an HTTP status other than success.
    /// @dev Error selector: `0x01800152`
    error HttpError(uint16 status, string message);

    /// @notice The fields of one `OffchainLookup` that its gateway needs.
    struct Request {
        address sender;
        string[] urls;
        bytes data;
    }

    /// @notice Performs the lookups.
    /// @return failures Whether a lookup could not be completed, per request.
    /// @return responses What its gateway responded, or the reason of the failure as an encoded error.
    function query(
        Request[] memory requests
    ) external view returns (bool[] memory failures, bytes[] memory responses);
}

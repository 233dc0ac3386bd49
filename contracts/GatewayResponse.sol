// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOffchainResolver} from "./interfaces/IOffchainResolver.sol";

/// @title Decoding of what a CCIP gateway responds
/// @dev `abi.decode` would do, but reverts without data when a gateway sends something else. The ENS
/// UniversalResolver reports an empty revert as "this resolver has no such record", so a broken gateway
/// would look like an absent record. Here the same failure has a name.
library GatewayResponse {
    /// @notice Decodes `abi.encode(bytes result, uint64 expires, bytes signature)`.
    /// @dev Bytes after the encoding are ignored, as `abi.decode` does: no check depends on them.
    function decode(
        bytes calldata response
    ) internal pure returns (bytes calldata result, uint64 expires, bytes calldata signature) {
        require(response.length >= 96, IOffchainResolver.MalformedResponse());
        result = _bytesAt(response, _wordAt(response, 0));
        uint256 expiresWord = _wordAt(response, 32);
        require(expiresWord <= type(uint64).max, IOffchainResolver.MalformedResponse());
        expires = uint64(expiresWord);
        signature = _bytesAt(response, _wordAt(response, 64));
    }

    /// @dev The caller has checked that `offset + 32 <= response.length`.
    function _wordAt(bytes calldata response, uint256 offset) private pure returns (uint256) {
        return uint256(bytes32(response[offset:offset + 32]));
    }

    /// @dev Compares by subtraction: offset and length come from the gateway, and sums could overflow.
    function _bytesAt(
        bytes calldata response,
        uint256 offset
    ) private pure returns (bytes calldata) {
        require(offset <= response.length - 32, IOffchainResolver.MalformedResponse());
        uint256 start = offset + 32;
        uint256 length = _wordAt(response, offset);
        require(length <= response.length - start, IOffchainResolver.MalformedResponse());
        return response[start:start + length];
    }
}

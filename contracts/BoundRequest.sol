// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExtendedResolver} from "./interfaces/IExtendedResolver.sol";
import {IOffchainResolver} from "./interfaces/IOffchainResolver.sol";

/// @title The request that a resolver sends to its CCIP gateways: ENSIP-10's call data and the chain id
/// @dev The layout is drawn in its TypeScript twin, src/ccip/chainBinding.ts. Both take the same requests
/// as bound: those that end one word behind the length of their arguments. If they differed, a gateway could be made to sign a request of which it reads another chain, or none.
library BoundRequest {
    uint256 private constant WORD = 32;

    /// @dev Selector, two offsets, two lengths; the bytes themselves follow, and then the chain id.
    uint256 private constant FIXED_LENGTH = 4 + 4 * WORD;

    /// @notice The request for `resolve(name, data)` on this chain.
    /// @dev ABI decoders ignore the appended word, but the digest of the answer covers it. Without it the same
    /// resolver address and signer on two chains would share answers.
    function make(bytes calldata name, bytes calldata data) internal view returns (bytes memory) {
        return
            bytes.concat(
                abi.encodeCall(IExtendedResolver.resolve, (name, data)),
                abi.encode(block.chainid)
            );
    }

    /// @notice The chain id that `request` ends in; reverts `MalformedRequest` if it is not one of `make`.
    function chainIdOf(bytes calldata request) internal pure returns (uint256) {
        bool isLookup = request.length >= FIXED_LENGTH + WORD &&
            bytes4(request) == IExtendedResolver.resolve.selector;
        require(isLookup, IOffchainResolver.MalformedRequest(request.length));
        bytes calldata arguments = request[4:];
        uint256 end = FIXED_LENGTH + _paddedLength(arguments, 0) + _paddedLength(arguments, WORD);
        require(
            request.length == end + WORD,
            IOffchainResolver.MalformedRequest(request.length)
        );
        return uint256(bytes32(request[end:]));
    }

    /// @dev The length, in whole words, of the `bytes` argument whose offset stands at `head`.
    function _paddedLength(
        bytes calldata arguments,
        uint256 head
    ) private pure returns (uint256) {
        uint256 offset = uint256(bytes32(arguments[head:head + WORD]));
        require(
            offset <= arguments.length - WORD,
            IOffchainResolver.MalformedRequest(arguments.length + 4)
        );
        uint256 length = uint256(bytes32(arguments[offset:offset + WORD]));
        // compared by subtraction: length comes from outside, and a sum could overflow
        require(
            length <= arguments.length - WORD - offset,
            IOffchainResolver.MalformedRequest(arguments.length + 4)
        );
        return ((length + WORD - 1) / WORD) * WORD;
    }
}

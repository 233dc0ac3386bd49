// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title What a gatewaySigner signs
/// @notice TypeScript twin: src/ccip/digest.ts. test/parity/digest.test.ts holds the two together.
library AnswerDigest {
    /// @notice The digest of one answer.
    ///
    /// The 94 bytes that are hashed:
    ///
    ///     0    2                22         30                   62                  94
    ///     +----+----------------+----------+--------------------+-------------------+
    ///     |1900| target         | expires  | keccak256(request) | keccak256(result) |
    ///     +----+----------------+----------+--------------------+-------------------+
    ///      2    20               8          32                   32
    ///
    /// @dev 0x1900 is ERC-191 version 0 ("data with intended validator"): no transaction and no
    /// personally signed message starts like this. The other fields are packed, integers big-endian.
    /// @param target The resolver that accepts the answer.
    /// @param expires The last second (since 1970) in which the answer is valid.
    /// @param request The exact call data of the lookup, selector and appended chain id included.
    /// @param result What `resolve` returns, before it is wrapped as `bytes`.
    function compute(
        address target,
        uint64 expires,
        bytes calldata request,
        bytes calldata result
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encodePacked(
                    hex"1900",
                    target,
                    expires,
                    keccak256(request),
                    keccak256(result)
                )
            );
    }
}

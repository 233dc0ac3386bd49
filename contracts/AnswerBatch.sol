// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOffchainResolver} from "./interfaces/IOffchainResolver.sol";

/// @title One signature for many answers, each of which proves that it belongs
/// @notice TypeScript twin: src/ccip/batchSignature.ts. test/parity/answerBatch.long.ts holds the two together.
///
/// What may stand in the signature field of a response: the 65 bytes of a signature over the answer's digest, or
///
///     0              32                 97          113              113 + 32 * n
///     +--------------+------------------+-----------+----------------+
///     | root         | signature        | salt      | path           |
///     +--------------+------------------+-----------+----------------+
///      32             65                 16          32 * n, n of 1 to 12
///
/// where the signature is over the digest of the root, and the path leads from this answer to the root:
///
///     leaf   = keccak256(LEAF_TAG ‖ answer digest ‖ salt)     80 bytes are hashed
///     node   = keccak256(NODE_TAG ‖ lower ‖ higher)           96 bytes
///     signed = keccak256(ROOT_TAG ‖ root)                     64 bytes
///
/// @dev The tags and the four lengths (an answer digest is over 94 bytes) keep each of them from passing for any
/// other: docs/decisions/0030. Neither resolver nor chain stands in the root, since every answer digest binds them.
/// OpenZeppelin's MerkleProof takes an array of words. To make one of these packed bytes takes assembly; the loop
/// below takes none, and the hash would be ours in both.
library AnswerBatch {
    bytes32 private constant LEAF_TAG = keccak256("signpost.batch.leaf");
    bytes32 private constant NODE_TAG = keccak256("signpost.batch.node");
    bytes32 private constant ROOT_TAG = keccak256("signpost.batch.root");

    uint256 private constant SINGLE_LENGTH = 65;
    uint256 private constant SIGNATURE_AT = 32;
    uint256 private constant SALT_AT = SIGNATURE_AT + SINGLE_LENGTH;
    uint256 private constant PATH_AT = SALT_AT + 16;
    uint256 private constant WORD = 32;

    /// @dev 4,096 answers: what a gateway of 12,000 answers a second gathers in a third of a second.
    uint256 private constant MAX_PATH = 12;

    /// @notice What was signed, and the 65 bytes that sign it.
    /// @dev Reverts `InvalidSignatureLength` where `field` is neither form, and `PathNotInBatch` where the path does
    /// not lead from the answer to the root. Nobody's signature was looked at then.
    /// @param answer The digest of the answer, see AnswerDigest.
    /// @param field The signature field of the response.
    function open(
        bytes32 answer,
        bytes calldata field
    ) internal pure returns (bytes32 signed, bytes calldata signature) {
        if (field.length == SINGLE_LENGTH) return (answer, field);
        require(
            field.length > PATH_AT &&
                field.length <= PATH_AT + MAX_PATH * WORD &&
                (field.length - PATH_AT) % WORD == 0,
            IOffchainResolver.InvalidSignatureLength(field.length)
        );
        bytes32 root = bytes32(field);
        bytes32 reached = _leaf(answer, bytes16(field[SALT_AT:PATH_AT]));
        for (uint256 at = PATH_AT; at < field.length; at += WORD) {
            reached = _node(reached, bytes32(field[at:at + WORD]));
        }
        require(reached == root, IOffchainResolver.PathNotInBatch(root, reached));
        return (keccak256(bytes.concat(ROOT_TAG, root)), field[SIGNATURE_AT:SALT_AT]);
    }

    function _leaf(bytes32 answer, bytes16 salt) private pure returns (bytes32) {
        return keccak256(bytes.concat(LEAF_TAG, answer, salt));
    }

    /// @dev The order is that of the numbers, so that a path needs no word of who stands left and who right.
    function _node(bytes32 one, bytes32 other) private pure returns (bytes32) {
        (bytes32 lower, bytes32 higher) = one < other ? (one, other) : (other, one);
        return keccak256(bytes.concat(NODE_TAG, lower, higher));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AnswerDigest} from "../AnswerDigest.sol";

/// @title Opens the library AnswerDigest to tests
contract AnswerDigestHarness {
    struct Answer {
        address target;
        uint64 expires;
        bytes request;
        bytes result;
    }

    /// @notice The digest of each answer.
    function compute(Answer[] calldata answers) external pure returns (bytes32[] memory digests) {
        digests = new bytes32[](answers.length);
        for (uint256 i = 0; i < answers.length; ++i) {
            Answer calldata answer = answers[i];
            digests[i] = AnswerDigest.compute(
                answer.target,
                answer.expires,
                answer.request,
                answer.result
            );
        }
    }
}

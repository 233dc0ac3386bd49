// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AnswerBatch} from "../AnswerBatch.sol";

/// @title Opens the library AnswerBatch to tests
contract AnswerBatchHarness {
    struct Proof {
        bytes32 answer;
        bytes field;
    }

    struct Verdict {
        bytes32 signed;
        bytes signature;
        /// @dev Selector of the error that refuses the proof; zero where there is none.
        bytes4 refusal;
    }

    /// @notice What was signed, and the signature.
    function open(
        bytes32 answer,
        bytes calldata field
    ) external pure returns (bytes32 signed, bytes memory signature) {
        return AnswerBatch.open(answer, field);
    }

    /// @notice What each of the proofs comes to.
    function judge(Proof[] calldata proofs) external view returns (Verdict[] memory verdicts) {
        verdicts = new Verdict[](proofs.length);
        for (uint256 i = 0; i < proofs.length; ++i) {
            try this.open(proofs[i].answer, proofs[i].field) returns (
                bytes32 signed,
                bytes memory signature
            ) {
                verdicts[i] = Verdict(signed, signature, 0);
            } catch (bytes memory errorData) {
                verdicts[i].refusal = bytes4(errorData);
            }
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The probe by which the ENS UniversalResolver tells contracts that revert from those that burn gas
contract EmptyCallProbe {
    /// @notice Gas that `target` uses, of the 5,000 it gets, when it is called without data.
    function gasOfEmptyCall(address target) external view returns (uint256) {
        uint256 before = gasleft();
        (bool ok, ) = target.staticcall{gas: 5000}("");
        uint256 used = before - gasleft();
        // Whether the call succeeds is not the question.
        ok;
        return used;
    }
}

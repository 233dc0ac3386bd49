// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Measures what a call costs in itself: without the transaction around it
contract GasMeter {
    /// @notice Gas that a call to `target` uses, whether it succeeds or not; the first touch of a contract that
    /// was not used before in the transaction (2,600) included.
    function gasOf(address target, bytes calldata data) external view returns (uint256 used) {
        bytes memory callData = data;
        uint256 before = gasleft();
        // what comes back stays where it is: copying it is the caller's expense
        assembly ("memory-safe") {
            pop(staticcall(gas(), target, add(callData, 32), mload(callData), 0, 0))
        }
        return before - gasleft();
    }
}

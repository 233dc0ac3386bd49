// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title ENSIP-10 (wildcard resolution): a resolver that answers for every name below its own
/// @dev Interface id: `0x9061b923`. https://docs.ens.domains/ensip/10
interface IExtendedResolver {
    /// @notice Resolves one call of a resolver function for one name.
    /// @param name The DNS-encoded name.
    /// @param data The ABI-encoded call, e.g. of `addr(bytes32)`, selector included.
    /// @return result The ABI-encoded return values of that call.
    function resolve(
        bytes calldata name,
        bytes calldata data
    ) external view returns (bytes memory result);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title ENSIP-16 (metadata event discovery): where the data behind a resolver is kept
/// @dev Interface id: `0x8a596ebe`. https://docs.ens.domains/ensip/16
interface IOffchainResolverMetadataProvider {
    /// @notice What `metadata` returns for `name`, and for every name below it, has changed.
    event MetadataChanged(bytes name, string[] rpcURLs, uint256 chainId, address baseRegistry);

    /// @notice Where the data of a name can be queried.
    /// @param name The DNS-encoded name.
    /// @return rpcURLs Where to ask; may be empty.
    /// @return chainId The chain that holds the data; 0 for an off-chain database.
    /// @return baseRegistry The contract on that chain that emits events about the data, or zero.
    function metadata(
        bytes calldata name
    ) external view returns (string[] memory rpcURLs, uint256 chainId, address baseRegistry);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title The functions of ENSIP-23, and of ENS's contract that clients call beside them
/// @dev viem, ensjs and ethers recognise these errors by their selectors.
interface IUniversalResolver {
    /// @notice The bytes are not a DNS-encoded name.
    error DNSDecodingFailed(bytes dns);

    /// @notice Neither the name nor a name above it has a resolver that may answer for it.
    /// @dev Error selector: `0x77209fe8`
    error ResolverNotFound(bytes name);

    /// @notice The registry names a resolver without code.
    /// @dev Error selector: `0x1e9535f2`
    error ResolverNotContract(bytes name, address resolver);

    /// @notice The resolver does not know the function that was called.
    /// @dev Error selector: `0x7b1c461b`
    error UnsupportedResolverProfile(bytes4 selector);

    /// @notice The resolver reverted.
    /// @dev Error selector: `0x95c0c752`
    error ResolverError(bytes errorData);

    /// @notice The name that an address gives as its primary one has another address, of which these are the bytes.
    /// @dev Error selector: `0xef9c03ce`
    error ReverseAddressMismatch(string primary, bytes primaryAddress);

    /// @notice No address was given.
    error EmptyAddress();

    /// @notice The primary name has an empty label, or one of more than 255 bytes.
    error DNSEncodingFailed(string ens);

    /// @notice The batch gateway responded to another number of requests than it was sent.
    error InvalidBatchGatewayResponse();

    /// @param name The DNS-encoded name that was asked for.
    /// @param offset Where in `name` the part begins whose resolver was found.
    /// @param node The namehash of the whole `name`.
    /// @param extended Whether the resolver is an IExtendedResolver.
    struct ResolverInfo {
        bytes name;
        uint256 offset;
        bytes32 node;
        address resolver;
        bool extended;
    }

    /// @notice The resolver that the registry names for `name` or for the nearest name above it, or zero.
    function findResolver(
        bytes calldata name
    ) external view returns (address resolver, bytes32 node, uint256 offset);

    /// @notice The resolver that may answer for `name`. Reverts when there is none.
    function requireResolver(bytes calldata name) external view returns (ResolverInfo memory info);

    /// @notice `resolveWithGateways` with the client's own batch gateway.
    function resolve(
        bytes calldata name,
        bytes calldata data
    ) external view returns (bytes memory result, address resolver);

    /// @notice Calls a function of the resolver of `name`; the caller must follow ERC-3668.
    /// @param name The DNS-encoded name.
    /// @param data The ABI-encoded call, or a `multicall(bytes[])` of several.
    /// @param gateways URLs of ENSIP-21 batch gateways.
    /// @return result The ABI-encoded return values. In those of a multicall, an item whose length is no
    /// multiple of 32 is the encoded error of that call.
    /// @return resolver The resolver that answered.
    function resolveWithGateways(
        bytes calldata name,
        bytes calldata data,
        string[] memory gateways
    ) external view returns (bytes memory result, address resolver);

    /// @notice `reverseWithGateways` with the client's own batch gateway.
    function reverse(
        bytes calldata lookupAddress,
        uint256 coinType
    ) external view returns (string memory primary, address resolver, address reverseResolver);

    /// @notice The primary name of an address (ENSIP-19); the caller must follow ERC-3668.
    /// @param lookupAddress The address, in the form of its coin type.
    /// @param coinType The coin type (ENSIP-9, ENSIP-11).
    /// @param gateways URLs of ENSIP-21 batch gateways.
    /// @return primary The name, which has this address; empty where the address gives none.
    /// @return resolver The resolver of that name, or zero.
    /// @return reverseResolver The resolver of the address' own name below `reverse`.
    function reverseWithGateways(
        bytes calldata lookupAddress,
        uint256 coinType,
        string[] memory gateways
    ) external view returns (string memory primary, address resolver, address reverseResolver);
}

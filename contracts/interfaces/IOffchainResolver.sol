// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title A resolver whose records are kept off-chain and signed by gatewaySigners
/// @notice Every lookup goes to one of `urls()`. An answer counts if one of `signers()` signed it for
/// this contract, on this chain, for exactly this request, and if it has not expired.
/// @dev ENSIP-10's `resolve` reverts ERC-3668's `OffchainLookup`, whose callback is `resolveWithProof`.
interface IOffchainResolver {
    // --- A response that is refused ---------------------------------------------------------------

    /// @notice The request is not the call data of `resolve` followed by a chain id: this contract never sent it.
    error MalformedRequest(uint256 length);

    /// @notice The request was made for another chain.
    error WrongChain(uint256 expected, uint256 got);

    /// @notice The response is not `abi.encode(bytes result, uint64 expires, bytes signature)`.
    error MalformedResponse();

    /// @notice The answer's last second has passed. Both in seconds since 1970.
    error AnswerExpired(uint64 expires, uint256 timestamp);

    /// @notice The answer claims to be valid for longer than `maxValiditySec()`. Both in seconds since 1970.
    error ValidityTooLong(uint64 expires, uint256 latest);

    /// @notice The signature field has neither the 65 bytes of a signature nor the length of a batch with a
    /// path of 1 to 12 words.
    error InvalidSignatureLength(uint256 length);

    /// @notice The answer is not in the batch that its signature field names: the path leads to `reached`
    /// instead of `root`. The signature was not looked at.
    error PathNotInBatch(bytes32 root, bytes32 reached);

    /// @notice The 65 bytes are not `r ‖ s ‖ v` with a low `s`, or recover to nobody.
    error InvalidSignature();

    /// @notice The address is not a gatewaySigner of this resolver.
    /// @dev When an answer is refused with this, `signer` is what its signature recovers to. An answer
    /// that was changed after signing recovers to an address that nobody knows.
    error UnknownSigner(address signer);

    /// @notice The answer is a signed error other than `UnsupportedResolverProfile(bytes4)`.
    error UnexpectedSignedError(bytes4 selector);

    // --- An administration call that is refused -----------------------------------------------------

    /// @notice A resolver needs at least one gatewaySigner.
    error NoSigners();

    /// @notice The zero address cannot sign.
    error ZeroSigner();

    /// @notice The address is a gatewaySigner already.
    error DuplicateSigner(address signer);

    /// @notice The only gatewaySigner cannot be removed: add its successor first.
    error LastSigner(address signer);

    /// @notice There must be 1 to 8 URLs of CCIP gateways, and 0 to 8 of metadata.
    error InvalidUrlCount(uint256 count);

    /// @notice A URL must have 1 to 1024 bytes, after `{resolver}` was replaced.
    error InvalidUrlLength(uint256 index, uint256 length);

    /// @notice A URL must start with `https://`, or with `http://` and a loopback host.
    error InsecureUrl(uint256 index, string url);

    /// @notice `{resolver}` may stand in a URL once.
    error RepeatedPlaceholder(uint256 index, string url);

    /// @notice The longest validity must lie between `least` and `most`. All in seconds.
    error InvalidMaxValidity(uint64 got, uint64 least, uint64 most);

    /// @notice Ownership can be transferred, but not given up: without an owner nobody could remove a
    /// stolen gatewaySigner.
    error OwnershipNotRenounceable();

    // --- Events -------------------------------------------------------------------------------------

    /// @notice Answers signed by `signer` count from now on.
    event SignerAdded(address indexed signer);

    /// @notice Answers signed by `signer` no longer count, including those that have not expired.
    event SignerRemoved(address indexed signer);

    /// @notice Lookups go to `urls` from now on, in this order of preference.
    event UrlsChanged(string[] urls);

    /// @notice Answers may be valid for `maxValiditySec` seconds from now on.
    event MaxValidityChanged(uint64 maxValiditySec);

    /// @notice Writers are sent to `url` from now on; nowhere if it is empty.
    event OperationUrlChanged(string url);

    // --- Lookup -------------------------------------------------------------------------------------

    /// @notice ERC-3668 callback: checks a gateway's answer and returns the result inside.
    /// @dev A result of 4 bytes more than a multiple of 32 is a signed typed error. If it is
    /// `UnsupportedResolverProfile(bytes4)`, the call reverts with exactly these bytes, so that a
    /// UniversalResolver passes them on to its caller instead of decoding them as a record. Any other is
    /// refused: a signed `OffchainLookup` would send clients to URLs that the owner never set.
    /// @param response `abi.encode(bytes result, uint64 expires, bytes signature)`; the signature is over
    /// the digest drawn in AnswerDigest.sol, or it is the proof drawn in AnswerBatch.sol that the digest is in a
    /// signed batch. Resolvers that take a batch say so by ERC-7996: feature `0x41212723`.
    /// @param extraData The request: the call data of `resolve`, followed by the chain id as one word.
    /// @return result The ABI-encoded return values of the call that was resolved.
    function resolveWithProof(
        bytes calldata response,
        bytes calldata extraData
    ) external view returns (bytes memory result);

    // --- gatewaySigners -----------------------------------------------------------------------------

    /// @notice Every gatewaySigner, in no particular order; never empty.
    function signers() external view returns (address[] memory);

    /// @notice Whether answers signed by `account` count.
    function isSigner(address account) external view returns (bool);

    /// @notice Adds a gatewaySigner. Owner only.
    /// @dev To rotate a key: add the new one, switch the gateways, remove the old one.
    function addSigner(address signer) external;

    /// @notice Removes a gatewaySigner. Owner only.
    function removeSigner(address signer) external;

    // --- CCIP gateways ------------------------------------------------------------------------------

    /// @notice ERC-3668 URL templates of the CCIP gateways, in order of preference; never empty.
    function urls() external view returns (string[] memory);

    /// @notice Replaces all URLs at once. Owner only.
    /// @param newUrls `{resolver}` in one of them is replaced, before it is stored, by the address of this
    /// contract: 0x and 40 lower-case digits.
    function setUrls(string[] calldata newUrls) external;

    // --- Validity -----------------------------------------------------------------------------------

    /// @notice The longest time in seconds between a lookup's block and the expiry of its answer.
    function maxValiditySec() external view returns (uint64);

    /// @notice Sets `maxValiditySec`, between 60 and 86400 seconds. Owner only.
    function setMaxValidity(uint64 newMaxValiditySec) external;

    // --- Where to list names, and where to write ------------------------------------------------------

    /// @notice Sets the `rpcURLs` of ENSIP-16's `metadata`, which may be empty. Owner only.
    /// @param newUrls Base URLs of the service API that lists the names; see `setUrls` for `{resolver}`.
    function setMetadataUrls(string[] calldata newUrls) external;

    /// @notice Where ERC-7884's `getOperationHandler` sends writers; empty if nowhere.
    function operationUrl() external view returns (string memory);

    /// @notice Sets `operationUrl`, or unsets it if `newUrl` is empty. Owner only.
    /// @param newUrl See `setUrls` for `{resolver}`.
    function setOperationUrl(string calldata newUrl) external;
}

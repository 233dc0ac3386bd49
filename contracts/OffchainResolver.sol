// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {AnswerDigest} from "./AnswerDigest.sol";
import {BoundRequest} from "./BoundRequest.sol";
import {GatewayResponse} from "./GatewayResponse.sol";
import {GatewayUrl} from "./GatewayUrl.sol";
import {IERC3668} from "./interfaces/IERC3668.sol";
import {IERC7996} from "./interfaces/IERC7996.sol";
import {IExtendedResolver} from "./interfaces/IExtendedResolver.sol";
import {IOffchainResolver} from "./interfaces/IOffchainResolver.sol";

/// @title Signpost's resolver: asks CCIP gateways and believes only what its gatewaySigners signed
/// @dev There is no fallback function: interface probes with 5,000 gas must stay cheap (ENSIP-23).
contract OffchainResolver is
    IOffchainResolver,
    IExtendedResolver,
    IERC7996,
    IERC3668,
    ERC165,
    Ownable2Step
{
    using EnumerableSet for EnumerableSet.AddressSet;

    /// @dev "eth.ens.resolver.extended.multicall" of ENSIP-22: one lookup fetches several records.
    bytes4 private constant RESOLVE_MULTICALL = 0x96b62db8;

    /// @dev Every lookup reverts with all URLs, and a client tries them one after the other.
    uint256 private constant MAX_URLS = 8;

    /// @dev Leaves at least half of the 2 KB that servers and proxies accept as a URL to the call data of
    /// a GET, and keeps the largest list (8 * 33 storage slots) far below the gas limit of a transaction.
    uint256 private constant MAX_URL_LENGTH = 1024;

    /// @dev Below a minute, an answer can expire between two blocks and on clients with a slow connection.
    uint64 private constant LEAST_MAX_VALIDITY_SEC = 60;

    /// @dev Above a day, a profile that was replaced could be served for longer than anybody expects.
    uint64 private constant MOST_MAX_VALIDITY_SEC = 86_400;

    EnumerableSet.AddressSet private _signers;
    string[] private _urls;

    /// @inheritdoc IOffchainResolver
    uint64 public maxValiditySec;

    /// @param initialOwner Who may change everything below; a multisig in production.
    /// @param initialSigners The gatewaySigners; at least one.
    /// @param initialUrls URL templates of the CCIP gateways; see `setUrls`.
    /// @param initialMaxValiditySec See `setMaxValidity`.
    constructor(
        address initialOwner,
        address[] memory initialSigners,
        string[] memory initialUrls,
        uint64 initialMaxValiditySec
    ) Ownable(initialOwner) {
        require(initialSigners.length > 0, NoSigners());
        for (uint256 i = 0; i < initialSigners.length; ++i) _addSigner(initialSigners[i]);
        _setUrls(initialUrls);
        _setMaxValidity(initialMaxValiditySec);
    }

    /// @inheritdoc IExtendedResolver
    function resolve(
        bytes calldata name,
        bytes calldata data
    ) external view returns (bytes memory) {
        bytes memory request = BoundRequest.make(name, data);
        revert OffchainLookup(
            address(this),
            _urls,
            request,
            this.resolveWithProof.selector,
            request
        );
    }

    /// @inheritdoc IOffchainResolver
    function resolveWithProof(
        bytes calldata response,
        bytes calldata extraData
    ) external view returns (bytes memory) {
        _checkChain(extraData);
        (bytes calldata result, uint64 expires, bytes calldata signature) = GatewayResponse.decode(
            response
        );
        _checkValidity(expires);
        // The target is this contract, never one named by extraData: a wrapper could otherwise pass off
        // the answers of another resolver.
        _checkSignature(
            AnswerDigest.compute(address(this), expires, extraData, result),
            signature
        );
        if (result.length % 32 == 4) _revertWith(result);
        return result;
    }

    /// @inheritdoc IOffchainResolver
    function signers() external view returns (address[] memory) {
        return _signers.values();
    }

    /// @inheritdoc IOffchainResolver
    function isSigner(address account) external view returns (bool) {
        return _signers.contains(account);
    }

    /// @inheritdoc IOffchainResolver
    function addSigner(address signer) external onlyOwner {
        _addSigner(signer);
    }

    /// @inheritdoc IOffchainResolver
    function removeSigner(address signer) external onlyOwner {
        require(_signers.remove(signer), UnknownSigner(signer));
        require(_signers.length() > 0, LastSigner(signer));
        emit SignerRemoved(signer);
    }

    /// @inheritdoc IOffchainResolver
    function urls() external view returns (string[] memory) {
        return _urls;
    }

    /// @inheritdoc IOffchainResolver
    function setUrls(string[] calldata newUrls) external onlyOwner {
        _setUrls(newUrls);
    }

    /// @inheritdoc IOffchainResolver
    function setMaxValidity(uint64 newMaxValiditySec) external onlyOwner {
        _setMaxValidity(newMaxValiditySec);
    }

    /// @notice Always reverts: see `OwnershipNotRenounceable`.
    function renounceOwnership() public pure override {
        revert OwnershipNotRenounceable();
    }

    /// @inheritdoc IERC7996
    function supportsFeature(bytes4 featureId) external pure returns (bool) {
        return featureId == RESOLVE_MULTICALL;
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return
            interfaceId == type(IExtendedResolver).interfaceId ||
            interfaceId == type(IERC7996).interfaceId ||
            interfaceId == type(IOffchainResolver).interfaceId ||
            super.supportsInterface(interfaceId);
    }

    function _checkChain(bytes calldata request) private view {
        uint256 chainId = BoundRequest.chainIdOf(request);
        require(chainId == block.chainid, WrongChain(block.chainid, chainId));
    }

    function _checkValidity(uint64 expires) private view {
        require(expires >= block.timestamp, AnswerExpired(expires, block.timestamp));
        uint256 latest = block.timestamp + maxValiditySec;
        require(expires <= latest, ValidityTooLong(expires, latest));
    }

    function _checkSignature(bytes32 digest, bytes calldata signature) private view {
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(
            digest,
            signature
        );
        require(failure == ECDSA.RecoverError.NoError, InvalidSignature());
        require(_signers.contains(signer), UnknownSigner(signer));
    }

    function _addSigner(address signer) private {
        require(signer != address(0), ZeroSigner());
        require(_signers.add(signer), DuplicateSigner(signer));
        emit SignerAdded(signer);
    }

    function _setUrls(string[] memory newUrls) private {
        require(newUrls.length > 0 && newUrls.length <= MAX_URLS, InvalidUrlCount(newUrls.length));
        for (uint256 i = 0; i < newUrls.length; ++i) {
            uint256 length = bytes(newUrls[i]).length;
            require(length > 0 && length <= MAX_URL_LENGTH, InvalidUrlLength(i, length));
            require(GatewayUrl.isAllowed(newUrls[i]), InsecureUrl(i, newUrls[i]));
        }
        _urls = newUrls;
        emit UrlsChanged(newUrls);
    }

    function _setMaxValidity(uint64 newMaxValiditySec) private {
        require(
            newMaxValiditySec >= LEAST_MAX_VALIDITY_SEC &&
                newMaxValiditySec <= MOST_MAX_VALIDITY_SEC,
            InvalidMaxValidity(newMaxValiditySec, LEAST_MAX_VALIDITY_SEC, MOST_MAX_VALIDITY_SEC)
        );
        maxValiditySec = newMaxValiditySec;
        emit MaxValidityChanged(newMaxValiditySec);
    }

    /// @dev Solidity has no statement to revert with bytes that are an encoded error already.
    function _revertWith(bytes memory errorData) private pure {
        assembly ("memory-safe") {
            revert(add(errorData, 32), mload(errorData))
        }
    }
}

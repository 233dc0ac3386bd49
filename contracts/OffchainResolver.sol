// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {AnswerBatch} from "./AnswerBatch.sol";
import {AnswerDigest} from "./AnswerDigest.sol";
import {BoundRequest} from "./BoundRequest.sol";
import {GatewayResponse} from "./GatewayResponse.sol";
import {OffchainMetadata} from "./OffchainMetadata.sol";
import {OperationRouter} from "./OperationRouter.sol";
import {ResolverSettings} from "./ResolverSettings.sol";
import {IERC3668} from "./interfaces/IERC3668.sol";
import {IERC7996} from "./interfaces/IERC7996.sol";
import {IExtendedResolver} from "./interfaces/IExtendedResolver.sol";
import {IOffchainResolver} from "./interfaces/IOffchainResolver.sol";
import {IOffchainResolverMetadataProvider} from "./interfaces/IOffchainResolverMetadataProvider.sol";

/// @title Signpost's resolver: asks CCIP gateways and believes only what its gatewaySigners signed
/// @dev There is no fallback function: interface probes with 5,000 gas must stay cheap (ENSIP-23).
contract OffchainResolver is
    ResolverSettings,
    OffchainMetadata,
    OperationRouter,
    IExtendedResolver,
    IERC7996,
    IERC3668,
    ERC165
{
    /// @dev "eth.ens.resolver.extended.multicall" of ENSIP-22: one lookup fetches several records.
    bytes4 private constant RESOLVE_MULTICALL = 0x96b62db8;

    /// @dev "eth.signpost.resolver.batch": answers may share a signature, as drawn in AnswerBatch.
    bytes4 private constant ANSWER_BATCH = 0x41212723;

    /// @dev `UnsupportedResolverProfile(bytes4)` of ENSIP-23: the only error that gateways need.
    bytes4 private constant UNSUPPORTED_RESOLVER_PROFILE = 0x7b1c461b;

    /// @param initialOwner Who may change everything below; a multisig in production.
    /// @param initialSigners The gatewaySigners; at least one.
    /// @param initialUrls URL templates of the CCIP gateways; see `setUrls`.
    /// @param initialMaxValiditySec See `setMaxValidity`.
    constructor(
        address initialOwner,
        address[] memory initialSigners,
        string[] memory initialUrls,
        uint64 initialMaxValiditySec
    ) ResolverSettings(initialOwner, initialSigners, initialUrls, initialMaxValiditySec) {}

    /// @inheritdoc IExtendedResolver
    /// @dev ENSIP-20 clients ask a UniversalResolver to `resolve` a call of `getOperationHandler`.
    function resolve(
        bytes calldata name,
        bytes calldata data
    ) external view returns (bytes memory) {
        if (bytes4(data) == this.getOperationHandler.selector) {
            _redirect(abi.decode(data[4:], (bytes)));
        }
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
        if (result.length % 32 == 4) _revertWithSigned(result);
        return result;
    }

    /// @inheritdoc IERC7996
    function supportsFeature(bytes4 featureId) external pure returns (bool) {
        return featureId == RESOLVE_MULTICALL || featureId == ANSWER_BATCH;
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return
            interfaceId == type(IExtendedResolver).interfaceId ||
            interfaceId == type(IERC7996).interfaceId ||
            interfaceId == type(IOffchainResolverMetadataProvider).interfaceId ||
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

    /// @param field 65 bytes, or a batch.
    function _checkSignature(bytes32 digest, bytes calldata field) private view {
        (bytes32 signed, bytes calldata signature) = AnswerBatch.open(digest, field);
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(
            signed,
            signature
        );
        require(failure == ECDSA.RecoverError.NoError, InvalidSignature());
        require(isSigner(signer), UnknownSigner(signer));
    }

    /// @dev Any other error could be an `OffchainLookup`, which sends clients to URLs that the owner never set.
    /// Solidity has no statement to revert with bytes that are an encoded error already.
    function _revertWithSigned(bytes memory errorData) private pure {
        require(
            bytes4(errorData) == UNSUPPORTED_RESOLVER_PROFILE,
            UnexpectedSignedError(bytes4(errorData))
        );
        assembly ("memory-safe") {
            revert(add(errorData, 32), mload(errorData))
        }
    }
}

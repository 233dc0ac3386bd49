// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {AnswerDigest} from "../AnswerDigest.sol";
import {IERC3668} from "../interfaces/IERC3668.sol";
import {IExtendedResolver} from "../interfaces/IExtendedResolver.sol";

/// @title An off-chain resolver as there are many: the common digest, one signer, no chain id, no ERC-7996
/// @dev A UniversalResolver reaches it through the batch gateway only.
contract FeaturelessOffchainResolver is IExtendedResolver, IERC3668, ERC165 {
    error AnswerRefused();

    address private immutable _signer;
    string[] private _urls;

    constructor(address signer, string[] memory urls) {
        _signer = signer;
        _urls = urls;
    }

    /// @inheritdoc IExtendedResolver
    function resolve(bytes calldata, bytes calldata) external view returns (bytes memory) {
        revert OffchainLookup(
            address(this),
            _urls,
            msg.data,
            this.resolveWithProof.selector,
            msg.data
        );
    }

    function resolveWithProof(
        bytes calldata response,
        bytes calldata extraData
    ) external view returns (bytes memory) {
        (bytes memory result, uint64 expires, bytes memory signature) = abi.decode(
            response,
            (bytes, uint64, bytes)
        );
        bytes32 digest = this.digestOf(expires, extraData, result);
        require(expires >= block.timestamp, AnswerRefused());
        require(ECDSA.recover(digest, signature) == _signer, AnswerRefused());
        return result;
    }

    function digestOf(
        uint64 expires,
        bytes calldata request,
        bytes calldata result
    ) external view returns (bytes32) {
        return AnswerDigest.compute(address(this), expires, request, result);
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return
            interfaceId == type(IExtendedResolver).interfaceId ||
            super.supportsInterface(interfaceId);
    }
}

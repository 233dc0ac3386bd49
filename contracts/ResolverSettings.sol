// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {GatewayUrl} from "./GatewayUrl.sol";
import {IOffchainResolver} from "./interfaces/IOffchainResolver.sol";

/// @title What the owner of a resolver may change about lookups: gatewaySigners, URLs, longest validity
abstract contract ResolverSettings is IOffchainResolver, Ownable2Step {
    using EnumerableSet for EnumerableSet.AddressSet;

    /// @dev Below a minute, an answer can expire between two blocks and on clients with a slow connection.
    uint64 private constant LEAST_MAX_VALIDITY_SEC = 60;

    /// @dev Above a day, a profile that was replaced could be served for longer than anybody expects.
    uint64 private constant MOST_MAX_VALIDITY_SEC = 86_400;

    EnumerableSet.AddressSet private _signers;
    string[] internal _urls;

    /// @inheritdoc IOffchainResolver
    uint64 public maxValiditySec;

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

    /// @inheritdoc IOffchainResolver
    function signers() external view returns (address[] memory) {
        return _signers.values();
    }

    /// @inheritdoc IOffchainResolver
    function isSigner(address account) public view returns (bool) {
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

    function _addSigner(address signer) private {
        require(signer != address(0), ZeroSigner());
        require(_signers.add(signer), DuplicateSigner(signer));
        emit SignerAdded(signer);
    }

    function _setUrls(string[] memory newUrls) private {
        string[] memory checked = GatewayUrl.checkAll(newUrls, 1);
        _urls = checked;
        emit UrlsChanged(checked);
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
}

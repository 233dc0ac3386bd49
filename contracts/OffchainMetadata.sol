// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {GatewayUrl} from "./GatewayUrl.sol";
import {ResolverSettings} from "./ResolverSettings.sol";
import {IOffchainResolver} from "./interfaces/IOffchainResolver.sol";
import {IOffchainResolverMetadataProvider} from "./interfaces/IOffchainResolverMetadataProvider.sol";

/// @title ENSIP-16 for names in an off-chain database
abstract contract OffchainMetadata is ResolverSettings, IOffchainResolverMetadataProvider {
    /// @dev The root, DNS-encoded. An event for a name is one for all names below it, so this one is for
    /// every name whose resolver this is; which those are, the resolver does not know.
    bytes private constant EVERY_NAME = hex"00";

    /// @dev ENSIP-16: "an off-chain database".
    uint256 private constant NO_CHAIN = 0;

    string[] private _metadataUrls;

    /// @dev Announces the resolver to indexers, which find new ones by this event.
    constructor() {
        _setMetadataUrls(new string[](0));
    }

    /// @inheritdoc IOffchainResolverMetadataProvider
    /// @dev The same for every name: one service answers for all of them.
    function metadata(bytes calldata) external view returns (string[] memory, uint256, address) {
        return (_metadataUrls, NO_CHAIN, address(0));
    }

    /// @inheritdoc IOffchainResolver
    function setMetadataUrls(string[] calldata newUrls) external onlyOwner {
        _setMetadataUrls(newUrls);
    }

    function _setMetadataUrls(string[] memory newUrls) private {
        string[] memory checked = GatewayUrl.checkAll(newUrls, 0);
        _metadataUrls = checked;
        emit MetadataChanged(EVERY_NAME, checked, NO_CHAIN, address(0));
    }
}

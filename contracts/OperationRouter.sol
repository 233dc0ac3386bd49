// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {GatewayUrl} from "./GatewayUrl.sol";
import {ResolverSettings} from "./ResolverSettings.sol";
import {IOffchainResolver} from "./interfaces/IOffchainResolver.sol";
import {IOperationRouter} from "./interfaces/IOperationRouter.sol";

/// @title ERC-7884 and ENSIP-20: sends writers of records to the service
/// @dev Which functions the service carries out, and for whom, is the service's decision. This contract only
/// says where to ask and in which EIP-712 domain to sign (docs/decisions/0007).
abstract contract OperationRouter is ResolverSettings, IOperationRouter {
    string private constant DOMAIN_NAME = "Signpost";
    string private constant DOMAIN_VERSION = "1";

    /// @dev Long enough to read and sign on a hardware wallet; short, because what was signed and not sent
    /// could be sent later, after a newer write.
    uint256 private constant OPERATION_VALIDITY_SEC = 900;

    /// @inheritdoc IOffchainResolver
    string public operationUrl;

    /// @inheritdoc IOffchainResolver
    function setOperationUrl(string calldata newUrl) external onlyOwner {
        string memory checked = bytes(newUrl).length == 0 ? "" : GatewayUrl.check(newUrl, 0);
        operationUrl = checked;
        emit OperationUrlChanged(checked);
    }

    /// @inheritdoc IOperationRouter
    function getOperationHandler(bytes calldata encodedFunction) external view {
        _redirect(encodedFunction);
    }

    /// @dev Reverts. Through a UniversalResolver `msg.sender` is that contract, not the writer: the signature
    /// says who wrote, `sender` only for whom the message was made.
    function _redirect(bytes memory encodedFunction) internal view {
        bool isRedirected = bytes(operationUrl).length > 0 && encodedFunction.length >= 4;
        require(isRedirected, FunctionNotSupported());
        revert OperationHandledOffchain(
            // EIP-2294 keeps chain ids below 2^63
            DomainData(DOMAIN_NAME, DOMAIN_VERSION, uint64(block.chainid), address(this)),
            operationUrl,
            MessageData(encodedFunction, msg.sender, block.timestamp + OPERATION_VALIDITY_SEC)
        );
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IERC3668} from "../interfaces/IERC3668.sol";
import {IERC7996} from "../interfaces/IERC7996.sol";
import {IExtendedResolver} from "../interfaces/IExtendedResolver.sol";

/// @title Makes one lookup out of the callback of another; believes every response
contract NestingResolver is IExtendedResolver, IERC7996, IERC3668, ERC165 {
    bool private immutable _hasFeatures;
    uint256 private immutable _lookups;
    address private immutable _sender;

    /// @param hasFeatures Whether to speak ERC-7996 (without supporting any feature).
    /// @param lookups How many lookups one resolve takes.
    /// @param sender The sender that lookups name; zero for this contract, as it should be.
    constructor(bool hasFeatures, uint256 lookups, address sender) {
        _hasFeatures = hasFeatures;
        _lookups = lookups;
        _sender = sender == address(0) ? address(this) : sender;
    }

    /// @inheritdoc IExtendedResolver
    function resolve(bytes calldata, bytes calldata data) external view returns (bytes memory) {
        return _lookUp(data, data, _lookups);
    }

    function resolveCallback(
        bytes calldata response,
        bytes calldata extraData
    ) external view returns (bytes memory) {
        (bytes memory data, uint256 left) = abi.decode(extraData, (bytes, uint256));
        return _lookUp(response, data, left - 1);
    }

    /// @inheritdoc IERC7996
    function supportsFeature(bytes4) external pure returns (bool) {
        return false;
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return
            interfaceId == type(IExtendedResolver).interfaceId ||
            (_hasFeatures && interfaceId == type(IERC7996).interfaceId) ||
            super.supportsInterface(interfaceId);
    }

    function _lookUp(
        bytes memory response,
        bytes memory data,
        uint256 left
    ) private view returns (bytes memory) {
        if (left == 0) return response;
        string[] memory urls = new string[](1);
        urls[0] = "https://gateway.example/";
        revert OffchainLookup(
            _sender,
            urls,
            data,
            this.resolveCallback.selector,
            abi.encode(data, left)
        );
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExtendedResolver} from "../interfaces/IExtendedResolver.sol";

/// @title A resolver that burns all gas to fail, as contracts of before EIP-140
contract OldResolver {
    /// @dev What is stored for a node; reading it again and again takes more than 50,000 gas.
    mapping(bytes32 node => address) private _addresses;
    bool private immutable _isExtended;

    constructor(bool isExtended) {
        _isExtended = isExtended;
    }

    fallback() external {
        assembly {
            invalid()
        }
    }

    function setAddr(bytes32 node, address account) external {
        _addresses[node] = account;
    }

    function addr(bytes32 node) external view returns (address) {
        return _addresses[node];
    }

    /// @notice Needs some 100,000 gas.
    function text(bytes32 node, string calldata) external view returns (string memory) {
        uint256 sum = 0;
        for (uint256 i = 0; i < 45; ++i) {
            sum += uint160(_addresses[keccak256(abi.encode(node, i))]);
        }
        return sum == 0 ? "found" : "";
    }

    function supportsInterface(bytes4 interfaceId) external view returns (bool) {
        return
            interfaceId == 0x01ffc9a7 ||
            (_isExtended && interfaceId == type(IExtendedResolver).interfaceId);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {WalletStandIn} from "./WalletStandIn.sol";

/// @title Deploys wallets by CREATE2, as those who pay for a wallet's first transaction do
contract WalletFactory {
    function create(address key, bytes32 salt) external returns (address) {
        return address(new WalletStandIn{salt: salt}(key));
    }

    /// @notice Where `create` puts it.
    function addressOf(address key, bytes32 salt) external view returns (address) {
        bytes32 initHash = keccak256(
            abi.encodePacked(type(WalletStandIn).creationCode, abi.encode(key))
        );
        bytes32 hash = keccak256(abi.encodePacked(hex"ff", address(this), salt, initHash));
        return address(uint160(uint256(hash)));
    }

    function burn() external pure {
        assembly {
            invalid()
        }
    }
}
